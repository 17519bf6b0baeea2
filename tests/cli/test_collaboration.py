"""Collaborations are made, joined, left and given rules by command, and running processes go by them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, select
from typer.testing import CliRunner

from hotline.clock import danish, now
from hotline.directory import collaborations
from hotline.directory.errors import MemberAlready
from hotline.directory.models import Agent, Collaboration, Membership, OpeningHours, RuleChange
from hotline.directory.queries import load
from hotline.handling import actions
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Inquiry, Outcome
from hotline.offers.actions import accept
from hotline.privacy.models import KeptCpr
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_pool, a_ready_agent, a_waiting_inquiry
from tests.building import accounts, owner, transaction
from tests.cli.commands import app
from tests.conftest import forget
from tests.offers.doing import by, look_at, offer_of
from tests.statistics.lines import take_all
from tests.waiting import until

ODDER = "0727"
GOOD = {"channel": "web", "municipality": HJORRING, "text": "Mit nummer er 010165-1237"}


def today():
    """The day on a Danish wall; asked for when it matters, for it may end meanwhile."""
    return danish(now()).date()


def hotline(*arguments):
    """What the command prints; it must succeed."""
    done = CliRunner().invoke(app, ["collaboration", *arguments])
    assert done.exit_code == 0, (done.output, done.stderr)
    return done.stdout.strip()


def refused(*arguments):
    """The one line of what cannot be done; it must change nothing."""
    before = everything()
    done = CliRunner().invoke(app, ["collaboration", *arguments])
    assert (done.exit_code, done.stdout) == (2, ""), (done.exit_code, done.output)
    assert everything() == before
    [line] = done.stderr.strip().splitlines()
    return line.removeprefix(f"hotline collaboration {arguments[0]}: ")


def everything():
    """All rows of the tables."""
    with transaction() as session:
        rows = "SELECT json_agg(c ORDER BY c) FROM (SELECT {t}::text AS c FROM {t}) x"
        return [
            session.execute(text(rows.format(t=t))).scalar()
            for t in (
                "collaboration",
                "membership",
                "opening_hours",
                "special_day",
                "partner",
                "kept_topic",
                "rule_change",
            )
        ]


def pool_now():
    with transaction() as session:
        return load(session)


def test_a_collaboration_is_made_with_its_rules_and_joined(with_facts):
    hotline("create", "Nord", "--identity-days", "10", "--keep-cpr", "--hours", "mon-fri 08:00-16:00")
    lines = hotline("join", "Nord", HJORRING, SKANDERBORG).splitlines()
    assert lines == [f"0860 Hjørring: from {today()}", f"0746 Skanderborg: from {today()}"]
    shown = " ".join(hotline("show", "Nord").split())
    for said in ("identity_days 10", "text_days 180", "keep_cpr yes", "mon-fri 08:00-16:00"):
        assert said in shown
    assert "Hjørring" in shown and str(today()) in shown
    listed = hotline("list").splitlines()
    assert listed[1].split() == ["Nord", "2", "mon-fri", "08:00-16:00", "10", "180", "no", "yes"]
    assert [one.code for one in pool_now().members(now())] == [SKANDERBORG, HJORRING]


def test_each_rule_is_set_and_what_is_not_said_stays(with_facts):
    hotline("create", "Nord")
    given = ["--identity-days", "1", "--text-days", "36500", "--hand-over-notes", "--keep-cpr", "--always-open"]
    given += ["--queue-limit", "0", "--redial-seconds", "0", "--sl-formula", "A", "--name", "Nordpå"]
    given += ["--home-first-seconds", "30", "--partner-seconds", "86400", "--sl-percent", "80"]
    assert len(hotline("set", "Nord", *given).splitlines()) == 12
    with transaction() as session:
        [one] = session.exec(select(Collaboration))
        kept = one.model_dump(exclude={"id"})
    assert kept == {
        "name": "Nordpå", "identity_days": 1, "text_days": 36500, "hand_over_notes": True, "keep_cpr": True,
        "always_open": True, "queue_limit": 0, "redial_seconds": 0, "sl_formula": "A",
        "home_first_seconds": 30, "partner_seconds": 86400, "sl_percent": 80,
    }  # fmt: skip
    assert hotline("set", "Nordpå", "--queue-limit", "none", "--no-keep-cpr").splitlines() == [
        "keep_cpr: yes → no",
        "queue_limit: 0 → none",
    ]
    assert hotline("set", "Nordpå", "--no-keep-cpr") == "nothing to change"


def test_whoever_changes_a_rule_leaves_a_line_that_nobody_takes_back(with_facts, monkeypatch):
    monkeypatch.setenv("LOGNAME", "karla")
    hotline("create", "Nord", "--identity-days", "20")
    hotline("join", "Nord", HJORRING, "--from", "2027-01-01")
    monkeypatch.setenv("LOGNAME", "bo")
    hotline("set", "Nord", "--identity-days", "10", "--identity-days", "10", "--hours", "mon-fri 08:00-16:00")
    hotline("set", "Nord", "--identity-days", "10")
    hotline("leave", "Nord", HJORRING, "--from", "2027-07-01")
    with transaction() as session:
        lines = session.exec(select(RuleChange).order_by(RuleChange.id)).all()
    assert [(one.who, one.rule, one.before, one.after) for one in lines] == [
        ("command by karla", "name", None, "Nord"),
        ("command by karla", "identity_days", None, "20"),
        ("command by karla", "member", None, f"{HJORRING} from 2027-01-01"),
        ("command by bo", "identity_days", "20", "10"),
        ("command by bo", "hours", "none", "mon-fri 08:00-16:00"),
        ("command by bo", "member", f"{HJORRING} from 2027-01-01", f"{HJORRING} from 2027-01-01 until 2027-07-01"),
    ]
    for change in (
        "DELETE FROM rule_change",
        "UPDATE rule_change SET who = 'nobody'",
        "INSERT INTO rule_change (who, collaboration_id, rule, after) SELECT 'bo', id, 'name', '' FROM collaboration",
        "INSERT INTO rule_change (at, collaboration_id, rule, after) SELECT now(), id, 'name', '' FROM collaboration",
    ):
        with pytest.raises(ProgrammingError), accounts() as session:
            session.execute(text(change))


def test_hours_are_replaced_as_a_whole(with_facts):
    hotline("create", "Nord", "--hours", "mon-fri 08:00-16:00", "--hours", "sun 16:00-24:00")
    assert hotline("set", "Nord", "--hours", "mon-thu 08:00-20:00") == (
        "hours: mon-fri 08:00-16:00, sun 16:00-24:00 → mon-thu 08:00-20:00"
    )
    with transaction() as session:
        assert sorted(one.weekday for one in session.exec(select(OpeningHours))) == [0, 1, 2, 3]
    assert hotline("set", "Nord", "--hours", "none").endswith("→ none")
    assert "always" in hotline("show", "Nord")


def test_what_a_municipality_has_agreed_is_said_anew_as_a_whole_and_leaves_a_line(with_facts):
    hotline("create", "Nord")
    hotline("join", "Nord", HJORRING, SKANDERBORG, ODDER)
    assert hotline("partners", "Nord", HJORRING, SKANDERBORG, ODDER) == "partners: 0860 none → 0860 0727, 0746"
    assert hotline("keep", "Nord", HJORRING, "passport", "doctor") == "kept: 0860 none → 0860 doctor, passport"
    shown = hotline("show", "Nord").splitlines()
    [row] = [line for line in shown if line.startswith(HJORRING)]
    assert "0727, 0746" in row and "doctor, passport" in row
    assert hotline("partners", "Nord", HJORRING, ODDER) == "partners: 0860 0727, 0746 → 0860 0727"
    assert hotline("partners", "Nord", HJORRING, ODDER) == hotline("keep", "Nord", ODDER, "none") == "nothing to change"
    assert hotline("keep", "Nord", HJORRING, "none") == "kept: 0860 doctor, passport → 0860 none"
    with transaction() as session:
        lines = session.exec(select(RuleChange).order_by(RuleChange.id)).all()
    assert [(one.rule, one.before, one.after) for one in lines][-4:] == [
        ("partners", None, "0860 0727, 0746"),
        ("kept", None, "0860 doctor, passport"),
        ("partners", "0860 0727, 0746", "0860 0727"),
        ("kept", "0860 doctor, passport", "0860 none"),
    ]


def test_a_special_day_is_set_shown_and_taken_back_and_leaves_a_line(with_facts):
    hotline("create", "Nord", "--hours", "mon-sun 08:00-16:00")
    hotline("join", "Nord", HJORRING)
    assert hotline("day", "Nord", "12-24", "closed") == "day: 12-24 as usual → 12-24 closed"
    assert hotline("day", "Nord", "2026-12-23", "13:00-14:00", "8:00-12:00").endswith("08:00-12:00, 13:00-14:00")
    assert hotline("day", "Nord", "12-24", "closed") == hotline("day", "Nord", "12-31", "usual") == "nothing to change"
    shown = [line.split(maxsplit=1) for line in hotline("show", "Nord").splitlines()]
    assert ["12-24", "closed"] in shown and ["2026-12-23", "08:00-12:00, 13:00-14:00"] in shown
    opens = [
        pool_now().opening(HJORRING, datetime(2026, 12, day, hour, tzinfo=UTC)) for day, hour in ((23, 11), (24, 9))
    ]
    assert [danish(one).isoformat()[:16] for one in opens] == ["2026-12-23T13:00", "2026-12-27T08:00"]
    assert hotline("day", "Nord", "12-24", "usual") == "day: 12-24 closed → 12-24 as usual"
    assert pool_now().opening(HJORRING, datetime(2026, 12, 24, 9, tzinfo=UTC)) is None
    with transaction() as session:
        lines = session.exec(select(RuleChange).where(RuleChange.rule == "day").order_by(RuleChange.id)).all()
    assert [(one.before, one.after) for one in lines] == [
        (None, "12-24 closed"),
        (None, "2026-12-23 08:00-12:00, 13:00-14:00"),
        ("12-24 closed", "12-24 as usual"),
    ]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("create", "Nord"), "already"),
        (("create", " "), "1 to 100"),
        (("create", "Syd", "--text-days", "0"), "text_days is a number from 1 to 36500, not 0"),
        (("create", "Syd", "--hours", "always"), "no hours"),
        (("set", "Nord"), "what is to change"),
        (("set", "Syd", "--keep-cpr"), "no collaboration `Syd`"),
        (("set", "Nord", "--keep-cpr", "--identity-days", "0"), "identity_days"),
        (("set", "Nord", "--keep-cpr", "--identity-days", "1000000"), "identity_days"),
        (("set", "Nord", "--identity-days", "ten"), "--identity-days"),
        (("set", "Nord", "--keep-cpr", "--sl-formula", "G"), "A to F"),
        (
            ("set", "Nord", "--keep-cpr", "--queue-limit", "-1"),
            "queue_limit is a number from 0 to 1000000, or `none`, not -1",
        ),
        (("set", "Nord", "--queue-limit", "1000001"), "or `none`, not 1000001"),
        (("set", "Nord", "--queue-limit", "many"), "or `none`, not many"),
        (("set", "Nord", "--redial-seconds", "-1"), "redial_seconds"),
        (("set", "Nord", "--keep-cpr", "--name", "Øst"), "already"),
        (("set", "Nord", "--keep-cpr", "--hours", "mon 16:00-08:00"), "before it begins"),
        (("show", "Syd"), "no collaboration"),
        (("join", "Nord"), "Missing argument"),
        (("join", "Nord", SKANDERBORG, "9999"), "9999"),
        (("join", "Nord", SKANDERBORG, HJORRING), "0860 Hjørring is a member already, from "),
        (("join", "Nord", SKANDERBORG, SKANDERBORG), "already"),
        (("join", "Nord", SKANDERBORG, "--from", "tomorrow"), "no day like"),
        (("leave", "Nord", HJORRING, SKANDERBORG), "0746 Skanderborg is no member"),
        (("leave", "Nord", HJORRING, "--from", "2020-01-01"), "cannot leave before"),
        (("leave", "Øst", HJORRING), "no member"),
        (("partners", "Nord", HJORRING, HJORRING), "0860 is named as its own partner"),
        (("partners", "Nord", HJORRING, SKANDERBORG), "0746 Skanderborg is no member"),
        (("partners", "Nord", HJORRING, "9999"), "9999"),
        (("partners", "Syd", HJORRING, "none"), "no collaboration"),
        (("keep", "Nord", HJORRING, "unicorns"), "no topic `unicorns`"),
        (("keep", "Nord", SKANDERBORG, "passport"), "0746 Skanderborg is no member"),
        (("set", "Nord", "--home-first-seconds", "-1"), "home_first_seconds"),
        (("day", "Nord", "24.12.", "closed"), "no day like"),
        (("day", "Nord", "2027-02-29", "closed"), "no day like"),
        (("day", "Nord", "12-24", "maybe"), "no hours"),
        (("day", "Syd", "12-24", "closed"), "no collaboration"),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_changes_nothing(with_facts, arguments, named):
    hotline("create", "Nord")
    hotline("create", "Øst")
    hotline("join", "Nord", HJORRING)
    assert named in refused(*arguments)


def test_without_a_database_it_is_said_as_well(monkeypatch, database):
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://hotline@127.0.0.1:1/hotline")
    forget()
    done = CliRunner().invoke(app, ["collaboration", "create", "Nord"])
    assert done.exit_code == 1 and "the database cannot be used" in done.stderr


def test_a_municipality_may_leave_and_come_back_and_the_days_are_kept(with_facts):
    hotline("create", "Nord")
    hotline("join", "Nord", HJORRING, "--from", "2020-01-01")
    hotline("leave", "Nord", HJORRING, "--from", "2024-07-01")
    assert "until 2024-07-01" in refused("leave", "Nord", HJORRING)
    assert "already, from 2020-01-01 until 2024-07-01" in refused("join", "Nord", HJORRING, "--from", "2024-06-30")
    hotline("join", "Nord", HJORRING, "--from", "2024-07-01")
    later = today() + timedelta(days=30)
    hotline("leave", "Nord", HJORRING, "--from", str(later))
    with transaction() as session:
        rows = session.exec(select(Membership).order_by(Membership.joined)).all()
    assert [(one.joined, one.left) for one in rows] == [
        (date(2020, 1, 1), date(2024, 7, 1)),
        (date(2024, 7, 1), later),
    ]


def test_who_joined_by_mistake_leaves_on_the_same_day_and_may_join_again(with_facts):
    hotline("create", "Nord")
    for _ in range(2):
        hotline("join", "Nord", HJORRING)
        assert pool_now().is_member(HJORRING, now())
        hotline("leave", "Nord", HJORRING)
        assert not pool_now().is_member(HJORRING, now())


def test_of_two_collaborations_the_other_one_is_named(with_facts):
    hotline("create", "Nord")
    hotline("create", "Øst")
    hotline("join", "Nord", HJORRING)
    assert hotline("join", "Øst", HJORRING) == f"0860 Hjørring: from {today()} (also in Nord)"


def test_running_web_processes_go_by_what_was_set(web):
    api = Api(web, a_key())
    assert api.post("/inquiries", json=GOOD).status_code == 422
    hotline("create", "Nord", "--always-open")
    hotline("join", "Nord", HJORRING)
    until(lambda: api.post("/inquiries", json=GOOD).status_code == 201, "it is a member")
    assert not something_may_be_shown()
    hotline("set", "Nord", "--keep-cpr")
    until(lambda: api.post("/inquiries", json=GOOD).status_code == 201 and something_may_be_shown(), "it is kept")
    hotline("leave", "Nord", HJORRING)
    until(lambda: api.post("/inquiries", json=GOOD).status_code == 422, "it has left")


def something_may_be_shown():
    with transaction() as session:
        return session.exec(select(KeptCpr).where(KeptCpr.may_reveal)).first() is not None


def test_leaving_takes_nothing_away_and_what_is_open_is_answered_all_the_same(web):
    pool = a_pool(identity_days=5)
    with transaction() as session:
        name = session.get_one(Collaboration, pool).name
    api, agent = Api(web, a_key()), a_ready_agent(topics=("passport", "mitid"))
    ids = [api.post("/inquiries", json=GOOD | {"topic": "passport", "external_id": n}).json()["id"] for n in "ab"]
    with transaction() as session:
        ready = "UPDATE inquiry SET state = 'waiting', speaks = '*', deadline = queued_at WHERE id = ANY(:ids)"
        session.execute(text(ready), {"ids": ids[:1]})
    assert route() == 1
    by(agent, accept, offer_of(ids[0]).id)
    with transaction() as session:
        who = session.get_one(Agent, agent)
        actions.close(session, held_inquiry(session, agent, ids[0]), who, Outcome.RESOLVED, "Svar givet", now())
    everything_counted()
    waiting = a_waiting_inquiry()
    before = kept_of(ids[0])
    assert hotline("leave", name, HJORRING) == (f"0860 Hjørring: until {today()}, 2 open inquiries stay where they are")
    everything_counted()
    assert kept_of(ids[0]) == before and before["sums"] > 0 and before["notes"] == 1
    assert look_at(Inquiry, ids[1]).state == "received"
    assert route() == 0  # those it answered together with are offered its citizens no more
    own = a_ready_agent(municipality=HJORRING)
    assert route() == 1
    by(own, accept, offer_of(waiting).id)
    assert look_at(Inquiry, waiting).agent_id == own


def everything_counted():
    with Session(owner()) as session:
        take_all(session)


def kept_of(inquiry):
    """How much there is of what was done, the whole database over, and the inquiry itself."""
    counts = {"sums": "interval_sum", "exchange": "exchange_sum", "notes": "note", "journal": "journal"}
    with transaction() as session:
        found = {k: session.execute(text(f"SELECT count(*) FROM {t}")).scalar_one() for k, t in counts.items()}
        return found | {"inquiry": session.get_one(Inquiry, inquiry).model_dump()}


def test_of_two_who_join_at_once_one_is_told(with_facts):
    hotline("create", "Nord")
    start = Barrier(2)

    def join():
        start.wait(60)
        try:
            with accounts() as session:
                return collaborations.join(session, "Nord", [HJORRING], today())
        except MemberAlready as error:
            return str(error)

    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(lambda _: join(), range(2)))
    assert sum(isinstance(one, list) for one in said) == 1
    assert "already" in next(one for one in said if isinstance(one, str))
