"""What the hotline makes of a sign-in's claims, by the rules of a file."""

import base64

import pytest

from hotline.access import claim_rules
from hotline.access.claim_rules import NoRules, PoolRules, Rules
from hotline.access.claims import read
from hotline.access.errors import NoPlace, SignInNotProven
from hotline.directory.models import Role
from hotline.settings import settings

ME = {"sub": "s-1", "preferred_username": "karla", "name": "Karla", "cvr": "99000860"}
AS = "http://hotline.example/roles/usersystemrole/"
CVR = "https://data.gov.dk/model/core/eid/professional/cvr"
PRIVILEGES = "https://data.gov.dk/model/core/eid/privilegesIntermediate"
ASSURANCE = "https://data.gov.dk/concept/core/nsis/loa"
KLE, SENSITIVITY, PLACE = "urn:dk:kombit:KLE", "urn:dk:kombit:sensitivity", "urn:dk:kombit:orgUnit"


def shipped(name, monkeypatch):
    monkeypatch.setenv("HOTLINE_OIDC_CLAIMS", name)
    for made in (settings, claim_rules.read):
        made.cache_clear()
    try:
        return claim_rules.read()
    finally:
        monkeypatch.undo()
        for made in (settings, claim_rules.read):
            made.cache_clear()


@pytest.fixture
def rules(monkeypatch):
    return shipped("claims", monkeypatch)


@pytest.fixture
def kombit(monkeypatch):
    return shipped("kombit", monkeypatch)


def group(role, cvr="99000860", **constraints):
    held = "".join(f'<Constraint Name="{name}">{value}</Constraint>' for name, value in constraints.items())
    return (
        f'<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:{cvr}">'
        f"<Privilege>{AS}{role}/1</Privilege>{held}</PrivilegeGroup>"
    )


def privileged(*groups, **more):
    xml = f"<PrivilegeList>{''.join(groups)}</PrivilegeList>"
    encoded = base64.b64encode(xml.encode()).decode()
    return {"sub": "s-1", "email": "karla@a.example", ASSURANCE: "Substantial", PRIVILEGES: encoded} | more


def test_the_first_role_of_the_rules_counts_whatever_the_order_of_the_claim(rules):
    assert read(ME | {"roles": ["hotline-viewer", "else", "hotline-team-lead"]}, rules).role == Role.TEAM_LEAD
    assert read(ME | {"roles": "hotline-viewer"}, rules).role == Role.VIEWER


@pytest.mark.parametrize(
    "roles", [None, [], ["HOTLINE-AGENT"], ["agent"], 7, {"hotline-agent": True}, [["hotline-agent"]]]
)
def test_without_a_role_of_ours_there_is_no_place(rules, roles):
    with pytest.raises(NoPlace):
        read(ME | {"roles": roles}, rules)


def test_what_is_not_said_is_not_taken_for_nothing(rules):
    silent = read(ME | {"roles": ["hotline-agent"]}, rules)
    assert (silent.topics, silent.languages, silent.code) == (None, None, None)
    none_at_all = read(ME | {"roles": ["hotline-agent"], "topics": [], "languages": []}, rules)
    assert (none_at_all.topics, none_at_all.languages) == (frozenset(), ())


def test_topics_and_languages_are_read_from_lists_and_from_text(rules):
    said = read(
        ME | {"roles": ["hotline-agent"], "topics": "mitid 23.09.*", "languages": ["da-DK", "EN", "da", "x1"]}, rules
    )
    assert (said.topics, said.languages) == ({"mitid", "23.09.*"}, ("da", "en"))


def test_a_claim_is_found_by_its_name_or_by_its_path():
    rules = Rules.model_validate(
        {
            "person": {"username": ["https://a.example/user", "sub"], "name": ["given_name"]},
            "role": {"claim": ["realm_access.roles"], "values": {"a": "agent"}},
        }
    )
    said = read({"sub": "s", "https://a.example/user": "karla", "realm_access": {"roles": ["a"]}}, rules)
    assert (said.username, said.name, said.role) == ("karla", "karla", Role.AGENT)


UNFIT = ["kar\0la", "kar\nla", "kar\x1b[2Jla", "kar\u202ela", "kar\ud800la"]


@pytest.mark.parametrize("subject", ["s" * 256, *UNFIT])
def test_a_subject_that_cannot_be_kept_is_refused(rules, subject):
    with pytest.raises(SignInNotProven):
        read(ME | {"roles": ["hotline-viewer"], "sub": subject}, rules)


@pytest.mark.parametrize("claim", ["preferred_username", "name"])
@pytest.mark.parametrize("value", UNFIT)
def test_a_name_that_no_list_could_show_on_a_line_is_refused(rules, claim, value):
    with pytest.raises(SignInNotProven):
        read(ME | {"roles": ["hotline-viewer"], claim: value}, rules)


@pytest.mark.parametrize("name", ["kar\u200bla", "karla\ufe0f", "karla\u3164", "\u2060karla", "kar\u00adla"])
def test_a_user_name_with_something_that_nobody_sees_is_refused(rules, name):
    with pytest.raises(SignInNotProven):
        read(ME | {"roles": ["hotline-agent"], "preferred_username": name}, rules)


@pytest.mark.parametrize("name", ["a" * 201, "kar\0la"])
def test_a_name_that_cannot_be_kept_is_refused(rules, name):
    with pytest.raises(SignInNotProven):
        read(ME | {"roles": ["hotline-agent"], "preferred_username": name}, rules)


def test_privileges_give_role_organisation_and_topics(kombit):
    said = read(privileged(group("agent", **{KLE: "23.15.*, 09.13.01", SENSITIVITY: "3"})), kombit)
    assert (said.role, said.cvr, said.topics) == (Role.AGENT, "99000860", {"23.15.*", "09.13.01"})


def test_a_grant_without_kle_leaves_skills_to_the_hotline(kombit):
    assert read(privileged(group("agent", **{KLE: "23.*"}), group("agent")), kombit).topics is None


def naming(rules, **pool):
    """The rules with these organisations for those that may give out the pool's roles."""
    return rules.model_copy(update={"pool": PoolRules.model_validate(pool)})


POOLS = ["hotline-secretariat", "hotline-administrator"]


@pytest.mark.parametrize("role", POOLS)
def test_no_organisation_gives_out_the_pool_unless_it_is_named(rules, role):
    nowhere = {name: value for name, value in ME.items() if name != "cvr"}
    elsewhere = {"municipality": "0860"} | nowhere
    for said in (ME, nowhere, elsewhere, ME | elsewhere):
        for roles in ([role], POOLS, " ".join(POOLS)):
            for named in (rules, naming(rules, cvr=["99000746"], code=["0746"])):
                with pytest.raises(NoPlace):
                    read(said | {"roles": roles}, named)
            assert read(said | {"roles": [*POOLS, "hotline-viewer"]}, rules).role == Role.VIEWER
    assert read(ME | {"roles": [role]}, naming(rules, cvr=["99000860"])).role == role.removeprefix("hotline-")
    assert read(elsewhere | {"roles": [role]}, naming(rules, code=["0860"])).role == role.removeprefix("hotline-")


NO_ORGANISATION = [
    ["99000860", "99000746"], ["99000860", ""], [["99000860"]], [""], 99000860, 0, True, False, {"cvr": "99000860"}, {},
    " ",
]  # fmt: skip


@pytest.mark.parametrize("said", NO_ORGANISATION)
@pytest.mark.parametrize("claim", ["cvr", "municipality"])
def test_an_organisation_that_cannot_be_read_is_no_organisation_left_out(rules, claim, said):
    with pytest.raises(SignInNotProven):
        read(ME | {"roles": ["hotline-viewer"], claim: said}, rules)


SPELLED = ["9900 0860", "DK99000860", "dk99000860", "\uff19\uff19000860", "99000860\u200b", "0860"]


@pytest.mark.parametrize("spelled", SPELLED)
def test_an_organisation_that_is_spelled_another_way_is_another(rules, spelled):
    with pytest.raises(NoPlace):
        read(ME | {"cvr": spelled, "roles": POOLS}, naming(rules, cvr=["99000860"], code=["0860"]))


def test_privileges_give_out_the_pool_for_the_organisations_that_are_named_alone(kombit):
    named = naming(kombit, cvr=["99000746"])
    for granted in (privileged(group("administrator")), privileged(group("administrator"), **{CVR: "99000860"})):
        for rules in (kombit, named):
            with pytest.raises(NoPlace):
                read(granted, rules)
    ours = privileged(group("administrator", "99000746"), group("viewer", "99000746"))
    assert (read(ours, named).role, read(ours, kombit).role) == (Role.ADMINISTRATOR, Role.VIEWER)
    for claimed in ("99000860", "99000751"):
        with pytest.raises(NoPlace):
            read(ours | {CVR: claimed}, named)


@pytest.mark.parametrize("pool", [{"cvr": ["DK99000860"]}, {"code": ["860"]}, {"code": "0860"}, {"name": ["x"]}])
def test_an_organisation_that_no_claim_could_name_is_no_rule(pool):
    with pytest.raises(ValueError):
        PoolRules.model_validate(pool)


def test_a_constraint_that_is_not_understood_never_widens_what_somebody_may(kombit):
    kombit = naming(kombit, cvr=["99000860"])
    with pytest.raises(NoPlace):
        read(privileged(group("secretariat", **{PLACE: "somewhere"})), kombit)
    assert read(privileged(group("secretariat", **{PLACE: "x"}), group("viewer")), kombit).role == Role.VIEWER


def test_privileges_for_another_organisation_give_nothing_here(kombit):
    kombit = naming(kombit, cvr=["99000746"])
    both = (group("secretariat", "99000746"), group("viewer", "99000860"))
    assert read(privileged(*both, **{CVR: "99000860"}), kombit).role == Role.VIEWER
    with pytest.raises(NoPlace):
        read(privileged(*both, **{CVR: "99000751"}), kombit)
    with pytest.raises(NoPlace, match="several"):
        read(privileged(group("agent", "99000746"), group("agent", "99000860")), kombit)


@pytest.mark.parametrize("assured", [None, "Low", "substantial", ["Low", "High"]])
def test_who_is_known_with_too_little_assurance_has_no_place(kombit, assured):
    assert read(privileged(group("viewer"), **{ASSURANCE: "High"}), kombit).role == Role.VIEWER
    with pytest.raises(NoPlace, match="required"):
        read(privileged(group("viewer"), **{ASSURANCE: assured}), kombit)


def test_privileges_that_cannot_be_read_prove_nothing(kombit):
    with pytest.raises(SignInNotProven, match="base64"):
        read(privileged() | {PRIVILEGES: "<PrivilegeList/>"}, kombit)


@pytest.mark.parametrize("name, why", [("nowhere", "No such file"), ("../topics", "person")])
def test_rules_that_cannot_be_used_say_why(monkeypatch, name, why):
    with pytest.raises(NoRules, match=why):
        shipped(name, monkeypatch)
