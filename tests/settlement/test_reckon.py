"""What members owe each other: it adds up to nought, parts add up, and the rules for what is left over hold."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.settlement.lines import MILLION, ORE, Correction, Facts, Kind
from hotline.settlement.reckon import reckon, traced
from hotline.settlement.rounding import nearest, shared, whole
from hotline.settlement.terms import Basis, Month, Part, Terms, stretches
from hotline.settlement.work import THOUSAND, Paid, Work, paid, pieces

NOVEMBER = Month(2026, 11)
LONG_AGO = date(2020, 1, 1)
A, B, C = "0101", "0746", "0860"
CODES = (A, B, C)
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
TERMS = Terms(LONG_AGO, (Part(Basis.INQUIRIES, 2500),), again_minutes=30)


def work(home=A, by=((B, 5 * MINUTE),), day=2, name="1", **more):
    """An inquiry that ended in November."""
    return Work(name, date(2026, 11, day), home, tuple(by), by[-1][0], **more)


def facts(*done, **more):
    """Three members all of November."""
    members = {code: frozenset(NOVEMBER.days) for code in CODES}
    return Facts(**{"members": members, "inhabitants": {A: 1000, B: 2000, C: 3001}, "work": done} | more)


def amounts(lines):
    """Øre by municipality and kind."""
    found = {}
    for line in lines:
        found[line.municipality, line.kind] = found.get((line.municipality, line.kind), 0) + line.amount
    return found


days = st.sampled_from(NOVEMBER.days)
milliseconds = st.integers(0, 3 * HOUR)
works = st.builds(
    lambda name, day, home, by, **more: Work(str(name), day, home, tuple(by), by[-1][0], **more),
    name=st.integers(0, 10**9),
    day=days,
    home=st.sampled_from(CODES),
    by=st.lists(st.tuples(st.sampled_from(CODES), milliseconds), min_size=1, max_size=4),
    outcome=st.sampled_from(("resolved", "duplicate", None)),
    left=st.booleans(),
    again_after=st.none() | st.floats(0, 7200),
    elsewhere=st.sets(st.sampled_from(CODES), max_size=1).map(frozenset),
)
shares = st.permutations(list(Basis)).flatmap(
    lambda bases: st.sampled_from(((100,), (60, 40), (33, 33, 34), (1, 9, 40, 50))).flatmap(
        lambda cut: st.tuples(
            *(st.builds(Part, st.just(b), st.integers(0, 10**6), st.just(s)) for b, s in zip(bases, cut, strict=False))
        )
    )
)
hours = st.dictionaries(st.sampled_from(CODES), st.integers(0, 200_000))
versions = st.lists(
    st.builds(Terms, st.sampled_from((LONG_AGO, *NOVEMBER.days[::7])), shares, st.integers(0, 60), hours), max_size=3
)
months = st.builds(
    Facts,
    members=st.fixed_dictionaries(
        dict.fromkeys(
            CODES, st.slices(30).map(lambda cut: frozenset(NOVEMBER.days[cut])) | st.just(frozenset(NOVEMBER.days))
        )
    ),
    inhabitants=st.fixed_dictionaries(dict.fromkeys(CODES, st.integers(1, 700_000))),
    duty=st.lists(st.tuples(days, st.sampled_from(CODES), milliseconds), max_size=6),
    work=st.lists(works, max_size=8, unique_by=lambda one: one.inquiry),
    late=st.lists(works.map(lambda w: w.__class__(**w.__dict__ | {"day": w.day - timedelta(days=30)})), max_size=2),
)
corrections = st.lists(
    st.builds(Correction, st.just(1), st.just("2026-10"), st.just(A), st.just(C), st.integers(1, 10**9)), max_size=2
)


@settings(max_examples=60)
@given(versions, months, corrections)
def test_a_month_adds_up_to_nought_and_each_line_is_its_quantity_at_its_rate_to_the_ore(versions, known, corrections):
    versions.sort(key=lambda one: one.valid_from)
    lines = reckon(NOVEMBER, versions, known, corrections)
    assert sum(line.amount for line in lines) == 0
    assert lines == reckon(NOVEMBER, versions, known, corrections)
    for line in lines:
        exact = Fraction(line.quantity * line.rate * ORE, THOUSAND * MILLION)
        rounded_rate = Fraction(abs(line.quantity), 2 * THOUSAND * 10_000) if line.kind == Kind.WORK else 0
        assert abs(line.amount - exact) < 1 + rounded_rate
    found = traced(NOVEMBER, versions, known)
    for kind, field in ((Kind.INQUIRIES_GIVEN, "inquiries"), (Kind.MINUTES_GIVEN, "minutes")):
        if versions and all(any(f"{p.basis}_given" == kind for p in one.parts) for one in versions):
            for code in CODES:
                of_lines = sum(one.quantity for one in lines if (one.municipality, one.kind) == (code, kind))
                of_pieces = sum(getattr(p, field) for p in found if p.answering == code != p.home)
                assert of_lines == of_pieces


@given(works, st.integers(0, 60))
def test_the_parts_of_an_inquiry_add_up_to_one_or_to_none_as_the_rule_says(one, again_minutes):
    terms = Terms(LONG_AGO, (), again_minutes)
    all_of_it = one.__class__(**one.__dict__ | {"elsewhere": frozenset()})
    parts = list(pieces(all_of_it, terms))
    assert sum(part.inquiries for part in parts) == (THOUSAND if paid(one, terms) == Paid.ONCE else 0)
    assert [part for part in parts if part.answering not in one.elsewhere] == list(pieces(one, terms))


@given(st.dictionaries(st.text("abcdef", min_size=1), st.fractions(-1000, 1000), min_size=1, max_size=8))
def test_rounding_keeps_the_sum_and_gives_what_is_left_where_most_was_rounded_away(numbers):
    numbers["z"] = -sum(numbers.values(), Fraction())
    rounded = whole(numbers)
    assert sum(rounded.values()) == 0
    lost = {key: numbers[key] - (numbers[key].numerator // numbers[key].denominator) for key in numbers}
    up, down = (
        [key for key in numbers if lost[key] and (rounded[key] > numbers[key]) is goes] for goes in (True, False)
    )
    assert all((-lost[u], u) < (-lost[d], d) for u in up for d in down)


def test_of_two_alike_the_lower_code_gets_what_is_left():
    assert whole({C: Fraction(1, 2), A: Fraction(1, 2)}) == {A: 1, C: 0}
    assert shared(1000, {C: 1, B: 1, A: 1}) == {A: 334, B: 333, C: 333}
    assert shared(-1, {A: 1, B: 1}) == {A: 0, B: -1}
    assert [nearest(n, 60) for n in (29, 30, 89, 90)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({}, Paid.ONCE),
        ({"outcome": "no_answer"}, Paid.ONCE),
        ({"outcome": "duplicate"}, Paid.DUPLICATE),
        ({"again_after": 1799.0}, Paid.AGAIN),
        ({"again_after": 1800.0}, Paid.ONCE),
        ({"left": True}, Paid.LEFT),
    ],
)
def test_one_question_is_paid_once_and_its_minutes_always(known, rule):
    [part] = pieces(work(**known), TERMS)
    assert (part.paid, part.inquiries, part.minutes) == (rule, THOUSAND if rule == Paid.ONCE else 0, 5000)


def test_an_inquiry_over_three_municipalities_is_divided_by_their_time():
    done = work(by=((B, 4 * MINUTE), (C, 2 * MINUTE), (B, 2 * MINUTE), (A, 1 * MINUTE)))
    lines = amounts(reckon(NOVEMBER, [TERMS], facts(done)))
    assert lines[B, Kind.INQUIRIES_GIVEN] == 1667  # 667 thousandths of 25 kroner are 16.675 …
    assert lines[C, Kind.INQUIRIES_GIVEN] == 555
    assert lines[A, Kind.INQUIRIES_GOT] == -2222  # … and 889 are 22.225: the odd øre goes to the lower code
    assert lines[A, Kind.INQUIRIES_GIVEN] == lines[B, Kind.INQUIRIES_GOT] == 0


def test_what_took_no_time_is_theirs_in_whose_hands_it_ended():
    [part] = pieces(work(by=((B, 0), (C, 0))), TERMS)
    assert (part.answering, part.inquiries, part.minutes) == (C, THOUSAND, 0)


def test_each_pays_for_its_inhabitants_and_who_worked_is_paid():
    by_inhabitants = Terms(LONG_AGO, (Part(Basis.INHABITANTS, 10),))
    known = facts(work(by=((B, 30 * MINUTE),)), work(home=B, by=((B, 60 * MINUTE), (C, 30 * MINUTE))))
    found = amounts(reckon(NOVEMBER, [by_inhabitants], known))
    assert [found[code, Kind.INHABITANTS] for code in CODES] == [-10_000, -20_000, -30_010]
    assert [found[code, Kind.WORK] for code in CODES] == [0, 45_008, 15_002]  # of 60,010: 45,007.5 and 15,002.5
    assert set(amounts(reckon(NOVEMBER, [by_inhabitants], facts())).values()) == {0}


def test_hours_that_all_gave_beyond_what_was_agreed_or_short_of_it_are_evened_out():
    by_hours = Terms(LONG_AGO, (Part(Basis.HOURS, 30_000),), owed={A: 10_000, B: 30_000})
    known = facts(
        duty=[(date(2026, 11, 2), A, 5 * HOUR), (date(2026, 11, 3), B, 40 * HOUR), (date(2026, 11, 3), C, HOUR)]
    )
    lines = reckon(NOVEMBER, [by_hours], known)
    of_hours = {(line.municipality, line.kind): line.quantity for line in lines}
    assert [of_hours[code, Kind.HOURS_GIVEN] for code in CODES] == [5000, 40_000, 1000]
    assert [of_hours[code, Kind.HOURS_OWED] for code in CODES] == [-10_000, -30_000, 0]
    assert [of_hours[code, Kind.HOURS_EVENED] for code in CODES] == [-1500, -4500, 0]  # 46 given, 40 owed
    assert {line.municipality: line.amount for line in lines if line.kind == Kind.HOURS_EVENED}[B] == -135_000


def test_who_joins_or_leaves_in_mid_month_pays_for_its_days_and_has_no_lines_after():
    mixed = Terms(LONG_AGO, (Part(Basis.INHABITANTS, 10, 50), Part(Basis.MINUTES, 600, 50)))
    half = frozenset(NOVEMBER.days[:10])
    known = facts(work(), members={A: frozenset(NOVEMBER.days), B: half, C: frozenset()})
    lines = reckon(NOVEMBER, [mixed], known)
    assert {line.municipality for line in lines} == {A, B}
    [paid_for] = [line for line in lines if (line.municipality, line.kind) == (B, Kind.INHABITANTS)]
    assert (paid_for.quantity, paid_for.rate, paid_for.amount) == (-666_667, 50_000, -3333)


def test_a_member_with_nothing_at_all_has_its_lines_of_nought():
    lines = [line for line in reckon(NOVEMBER, [TERMS], facts(work())) if line.municipality == C]
    assert [(line.kind, line.quantity, line.amount) for line in lines] == [
        (Kind.INQUIRIES_GIVEN, 0, 0),
        (Kind.INQUIRIES_GOT, 0, 0),
    ]


def test_new_terms_hold_from_their_day_on_and_never_before():
    dearer = Terms(date(2026, 11, 16), (Part(Basis.INQUIRIES, 5000),))
    cut = stretches(NOVEMBER, [TERMS, dearer])
    assert [(one.first.day, one.after.day) for one in cut] == [(1, 16), (16, 1)]
    lines = [
        (line.since.day, line.amount)
        for line in reckon(NOVEMBER, [TERMS, dearer], facts(work(day=15), work(day=16, name="2")))
        if (line.municipality, line.kind) == (B, Kind.INQUIRIES_GIVEN)
    ]
    assert lines == [(1, 2500), (16, 5000)]
    assert stretches(Month(2019, 12), [TERMS]) == []
    assert reckon(Month(2026, 10), [dearer], facts()) == []


def test_what_came_late_and_what_is_put_right_name_the_month_they_belong_to():
    october = Terms(date(2026, 11, 1), (Part(Basis.INQUIRIES, 5000),))
    late = Work("9", date(2026, 10, 31), A, ((B, MINUTE),), B)
    lines = reckon(NOVEMBER, [TERMS, october], facts(late=[late]), [Correction(7, "2026-09", A, C, 150)])
    named = [(one.municipality, one.kind, one.amount, one.corrects, one.correction) for one in lines if one.corrects]
    assert named == [
        (A, Kind.CORRECTION, -150, "2026-09", 7),
        (A, Kind.INQUIRIES_GIVEN, 0, "2026-10", None),
        (A, Kind.INQUIRIES_GOT, -2500, "2026-10", None),
        (B, Kind.INQUIRIES_GIVEN, 2500, "2026-10", None),
        (B, Kind.INQUIRIES_GOT, 0, "2026-10", None),
        (C, Kind.CORRECTION, 150, "2026-09", 7),
    ]
