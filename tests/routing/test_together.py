"""Who answers whose citizens, and by when, whatever collaborations there are and whatever they have agreed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.routing.rings import Agreement
from hotline.routing.together import Together

CODES = ("0727", "0746", "0751", "0766", "0860")
HJORRING, SKANDERBORG, AARHUS, ODDER = "0860", "0746", "0751", "0727"
TOPICS = ("doctor", "passport")
CAME = 1000.0

some_members = st.frozensets(st.sampled_from(CODES), min_size=1)
some_seconds = st.sampled_from((0, 30, 60))
some_agreement = some_members.flatmap(
    lambda members: st.builds(
        Agreement,
        st.just(members),
        some_seconds,
        some_seconds,
        st.dictionaries(st.sampled_from(sorted(members)), st.frozensets(st.sampled_from(sorted(members)))),
        st.dictionaries(st.sampled_from(sorted(members)), st.frozensets(st.sampled_from(TOPICS))),
    )
)
some_together = st.dictionaries(st.integers(1, 3), some_agreement).map(lambda agreed: Together(CODES, agreed))


def answer_together(*members, **agreed):
    return Agreement(frozenset(members), **agreed)


def reach(who, at, home=HJORRING, topic="passport", opened=None, signed_in=CODES):
    """How far what came at 1,000 s is open at so many seconds after that."""
    return who.reach(home, topic, CAME, opened or {}, CAME + at, lambda codes: bool(codes & set(signed_in)))


@pytest.mark.parametrize(
    ("members", "answered_by"),
    [
        ([], {HJORRING}),
        ([{HJORRING}], {HJORRING}),
        ([{HJORRING, SKANDERBORG}], {HJORRING, SKANDERBORG}),
        ([{HJORRING}, {SKANDERBORG}], {HJORRING}),
        ([{HJORRING, SKANDERBORG}, {HJORRING, AARHUS}], {HJORRING, SKANDERBORG, AARHUS}),
        ([{HJORRING, SKANDERBORG}, {SKANDERBORG, AARHUS}], {HJORRING, SKANDERBORG}),
        ([{SKANDERBORG, AARHUS}], {HJORRING}),
    ],
)
def test_the_citizens_of_hjorring_are_answered_by_those_who_share_a_collaboration_with_it(members, answered_by):
    who = Together(CODES, {n: answer_together(*ones) for n, ones in enumerate(members)})
    assert who.answered_by(HJORRING) == answered_by == reach(who, 0).open_to


RINGS = {
    7: answer_together(
        HJORRING, SKANDERBORG, ODDER,
        home_first_seconds=30, partner_seconds=20, partners={HJORRING: frozenset({SKANDERBORG})},
        kept={HJORRING: frozenset({"doctor"})},
    ),
    9: answer_together(HJORRING, AARHUS, home_first_seconds=40),
}  # fmt: skip
HOME, PARTNERS, MEMBERS, ALL = (
    {HJORRING}, {HJORRING, SKANDERBORG}, {HJORRING, SKANDERBORG, ODDER}, {HJORRING, SKANDERBORG, ODDER, AARHUS},
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "open_to", "opens_again_in"),
    [
        ({"at": 0}, HOME, 30),
        ({"at": 29.999}, HOME, 30),
        ({"at": 30}, PARTNERS, 40),
        ({"at": 40}, PARTNERS | {AARHUS}, 50),
        ({"at": 50}, ALL, None),
        ({"at": 5000}, ALL, None),
        ({"at": 0, "topic": "doctor"}, HOME, 40),
        ({"at": 5000, "topic": "doctor"}, HOME | {AARHUS}, None),
        ({"at": 0, "home": ODDER}, {ODDER}, 30),
        ({"at": 30, "home": ODDER}, MEMBERS, None),
        ({"at": 0, "home": "0766"}, {"0766"}, None),
        ({"at": 5, "signed_in": (SKANDERBORG, ODDER)}, PARTNERS | {AARHUS}, 25),
        ({"at": 5, "signed_in": (ODDER,)}, ALL, None),
        ({"at": 5, "signed_in": ()}, ALL, None),
        ({"at": 35, "signed_in": (HJORRING, ODDER)}, MEMBERS, 40),
        ({"at": 5, "opened": {"7": 1003.0}}, PARTNERS, 23),
        ({"at": 5, "opened": {"7": None}}, MEMBERS, 40),
        ({"at": 5, "opened": {"7": None, "9": None}, "topic": "doctor"}, HOME | {AARHUS}, None),
        ({"at": 5, "opened": {"4": None}}, HOME, 30),
    ],
    ids=[
        "home at once", "home until the last moment", "then partners", "the other agreement's members", "all members",
        "wide for ever", "a kept topic goes by the other agreement", "and is never opened by this one",
        "without partners home is alone as long", "and then all are asked", "in no collaboration home alone",
        "home skipped where nobody is there", "and the partners", "nobody at all", "partners skipped",
        "partners since an earlier moment", "open stays open", "but not what is kept", "nor by an agreement of others",
    ],
)  # fmt: skip
def test_an_inquiry_is_opened_from_ring_to_ring_by_the_earlier_of_its_agreements(facts, open_to, opens_again_in):
    found = reach(Together(CODES, RINGS), **facts)
    assert found.open_to == open_to
    assert found.widens_at == (opens_again_in and CAME + opens_again_in)


def test_what_a_ring_has_opened_stays_open_when_those_sign_in_for_whom_it_was_not_waited():
    who = Together(CODES, RINGS)
    skipped = reach(who, 5, signed_in=(SKANDERBORG, ODDER))
    assert reach(who, 24, opened=skipped.opened).open_to == PARTNERS | {AARHUS}
    assert reach(who, 25, opened=skipped.opened).open_to == ALL


@given(some_together)
def test_who_answers_another_is_answered_by_them_and_each_answers_its_own(who):
    for one in CODES:
        assert one in who.answered_by(one)
        for other in CODES:
            assert (one in who.answered_by(other)) == (other in who.answered_by(one))


@given(some_together, st.data())
def test_a_circle_stands_for_exactly_those_who_may_answer_by_now(who, data):
    home, topic = data.draw(st.sampled_from(CODES)), data.draw(st.sampled_from((*TOPICS, "mitid")))
    opened = {}
    for at in sorted(data.draw(st.lists(st.integers(0, 200), min_size=1, max_size=4))):
        there = data.draw(st.frozensets(st.sampled_from(CODES)))
        before, found = opened, reach(who, at, home, topic, opened, there)
        opened = found.opened
        assert found.circle in who.circles
        assert home in found.open_to == who.open_to(found.circle)
        assert found.open_to <= who.answered_by(home, topic) <= who.open_later(found.circle)
        assert found.open_to >= reach(who, 0, home, topic, before).open_to
        assert (found.open_to == who.answered_by(home, topic)) or found.widens_at is not None
        for code in CODES:
            assert (found.circle in who.shared_with(frozenset({code}))) == (code in found.open_to)


@given(some_together, some_together)
def test_no_word_of_before_a_change_stands_for_anybody_after_it(before, after):
    if before.agreements != after.agreements:
        assert not before.circles & after.circles
