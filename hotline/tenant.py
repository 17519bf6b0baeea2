"""Who a transaction is for: the database role it enters, and the settings that its policies go by."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Tenant:
    """An audience of the database (hotline_<audience>) and who of it; `user` names them in a word.

    A key's `scopes` and the `municipalities` that it is bound to are words separated by commas; `plans` are settings of
    the planner, as SQL.
    """

    audience: str
    user: str
    person: int | None = None
    municipality: str | None = None
    integrator: int | None = None
    scopes: str | None = None
    municipalities: str | None = None
    plans: str = ""

    @property
    def role(self) -> str:
        """The database role."""
        return f"hotline_{self.audience}"

    def entering(self) -> str:
        """The SQL that makes a transaction theirs; its settings and its role end with the transaction."""
        facts = {
            "who": self.user,
            "person": self.person,
            "municipality": self.municipality,
            "integrator": self.integrator,
            "scopes": self.scopes,
            "municipalities": self.municipalities,
        }
        settings = "; ".join(f"SET LOCAL hotline.{name} = {_quoted(value)}" for name, value in facts.items())
        return f"SET LOCAL ROLE {self.role}; {self.plans or ANY_PLAN}; {settings}"


ANY_PLAN = "SET LOCAL plan_cache_mode = auto"
# What is asked again and again, and names states in its text: to make a plan takes longer than to carry it out.
ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan"
# Such a plan may be as old as the connection, and from a time when nothing waited: it is to go by indexes all the same.
BY_INDEX = f"{ONE_PLAN}; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL jit = off"

# Parts of the hotline itself: what they do has been allowed before, or is nobody's in particular.
DOOR = Tenant("door", "door")
INTAKE = Tenant("intake", "intake")
CONSOLE = Tenant("console", "console", plans=ONE_PLAN)


def at_work(user: str, person: int | None = None) -> Tenant:
    """The hotline at work on somebody's or its own behalf: it may change what the actions change.

    `user` says whose, and `person` who of those that sign in it is, if one.
    """
    return Tenant("work", user, person=person)


def at_router() -> Tenant:
    """The hotline where it matches who is free with what waits, many times a second."""
    return Tenant("work", "router", plans=BY_INDEX)


def at_accounts(user: str) -> Tenant:
    """The hotline where it keeps who may come in and who answers whom: people, their credentials and sign-ins, keys,
    collaborations; nothing of citizens.

    `user` says on whose behalf.
    """
    return Tenant("accounts", user)


def at_retention(user: str) -> Tenant:
    """The hotline where it keeps the journal itself in order, which nobody else may change. `user` says for whom."""
    return Tenant("retention", user)


def at_ends(user: str) -> Tenant:
    """The hotline where it ends sign-ins whose time is over; it reads of none how it comes in."""
    return Tenant("ends", user)


def at_console(agent: Tenant) -> Tenant:
    """The console of an agent, as its event stream reads it."""
    return replace(agent, audience=CONSOLE.audience, plans=ONE_PLAN)


def _quoted(value: object) -> str:
    text = "" if value is None else str(value)
    return "'" + text.replace("\\", "").replace("'", "''") + "'"
