"""The words of the pages: the same in both languages, and never a key on the screen."""

import re
import string

import pytest

from hotline.agents.models import Presence
from hotline.citizens.asked import WAYS
from hotline.classification import urgency
from hotline.directory.models import Collaboration
from hotline.directory.rules import RULES, Kind
from hotline.errors import HotlineError, all_errors
from hotline.inquiries.models import Channel, Outcome
from hotline.inquiries.states import State
from hotline.integrations.mail.send import ENDED, NO_ADDRESS
from hotline.integrations.mail.servers import WRONG
from hotline.integrations.webhooks.hooks import DELETED
from hotline.integrations.webhooks.outcome import GONE
from hotline.privacy.lookups import OURS
from hotline.privacy.models import Look
from hotline.privacy.rules import COUNTS
from hotline.resources import TEMPLATES
from hotline.settlement.lines import UNITS
from hotline.settlement.lines import Kind as LineKind
from hotline.settlement.terms import Basis
from hotline.simulation.models import Progress
from hotline.statistics.alerts import Kind as AlertKind
from hotline.statistics.measures import SERVICE_LEVELS
from hotline.statistics.shown import AHEAD, CLOSED, COUNTED, RUNNING, UNKNOWN
from hotline.statistics.spans import SPANS
from hotline.statistics.traced import Number as Traced
from hotline.web.language import LANGUAGES, catalogue, translator

SAID = {"sent_already", "chat_closed", "chat_full", "too_much", "not_now"}
STANDING = {*State, "answered", "duplicate", "erased"} - {State.WAITING, State.OFFERED}

COLUMNS = {
    "time", "topic", "municipality", "in_target", "change", "asa_short", "got", "given", "got_time", "given_time",
    "net_time", "answered_by_others", "answered_for_others",
}  # fmt: skip

# A key that a template ends with a value of these, as in t("channel." ~ inquiry.channel).
VALUES = {
    "channel.": set(Channel),
    "mailbox.why.": {"password_file", "sign_in", "no_connection", "no_tls", "no_imap", "refused", "late", "other"},
    "classification.weights.": {"5", "10", "15"},
    "classification.word_states.": {"new", "live", "worse"},
    "citizens.way.": set(WAYS),
    "citizens.way_more.": set(WAYS),
    "citizens.wrong.": {"municipality", "subject_long", "text", "text_long", "name_long", "phone"},
    "citizens.said.": SAID,
    "citizens.said_more.": SAID,
    "citizens.lost.": {"wrong_code", "too_many_codes"},
    "citizens.standing.": STANDING | {"waiting"},
    "citizens.standing_more.": STANDING,
    "thread.": {"citizen", "agent"},
    "webhooks.ended.": {GONE, DELETED},
    "agents.": {"agents", "agents_over_time"},
    "thread.why.": {*WRONG, NO_ADDRESS, ENDED},
    "inquiry.attribute.": {"attachments", "former", "stranger"},
    "outcome.": set(Outcome),
    "inquiry.state.": set(State),
    "presence.is.": {*Presence, "busy"},
    "presence.choose.": set(Presence),
    "desk.calm.": set(Presence),
    "desk.calm_more.": set(Presence),
    "priority.": {"1", "2", "3"},
    "look.": set(Look),
    "lookups.reason.": set(OURS),
    "queue.agent.": {"ready", "busy", "on_break", "away"},
    "inquiry.urgent_because.": {*urgency.RULES, urgency.ALIKE},
    "desk.mine.": {"now", "wrapping", "callback"},
    "signals.is.": {"none", "bell", "wood", "deep"},
    "offer.refuse_why.": {"topic", "language", "busy", "other"},
    "inquiry.wrap_up.": {"phone", "written"},
    "rules.count.": set(COUNTS),
    "rules.value.": {"yes", "no", "none"},
    "rules.rule.": {*Collaboration.model_fields, "hours", "member"} - {"id"},
    "rules.choice.": {f"{rule.name}.{said}" for rule in RULES if rule.kind == Kind.CHOICE for said in ("yes", "no")},
    "settlement.basis.": set(Basis),
    "simulation.by_": {"topics", "municipalities"},
    "simulation.drawn.": {"days", "hours"},
    "simulation.figure.": {"number", "queue_time", "mean_wait", "p95", "in_target", "abandoned", "given", "got"},
    "simulation.is.": set(Progress),
    "simulation.span.": {"1", "7", "28"},
    "settlement.kind.": set(LineKind),
    "settlement.unit.": set(UNITS.values()),
    "statistics.period.": set(SPANS),
    "statistics.name.week": {"", "_of_year"},
    "statistics.name.quarter": {"", "_of_year"},
    "statistics.heading.": {"ours", "theirs"},
    "statistics.beside.": {"alike", "more", "little_more", "fewer", "little_fewer"},
    "statistics.formula.": set(SERVICE_LEVELS),
    "statistics.alert.rule.": set(AlertKind),
    "statistics.traced.title.": set(Traced),
    "statistics.traced.booked.": set(Traced),
    "statistics.": {*COUNTED, AHEAD, RUNNING, CLOSED, UNKNOWN, *COLUMNS},
    "problem.": {kind.slug() for kind in all_errors()},
    "remedy.": {kind.slug() for kind in all_errors()},
}
MARKUP = "\n".join(file.read_text() for file in TEMPLATES.rglob("*.html"))
WHOLE_KEYS = set(re.findall(r"""\bt\(["']([\w.-]+)["'][,)]""", MARKUP))
BEGUN_KEYS = set(re.findall(r"""\bt\(["']([\w.-]+)["'] ~""", MARKUP))


def test_every_language_says_the_same_things():
    danish, english = catalogue("da"), catalogue("en")
    assert danish.keys() == english.keys()
    assert {key: holes(danish[key]) for key in danish} == {key: holes(english[key]) for key in english}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_a_page_asks_for_is_there(language):
    asked = WHOLE_KEYS | {begun + value for begun in BEGUN_KEYS for value in VALUES[begun]}
    assert len(asked) > 100
    assert asked - catalogue(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_words_for_people(language):
    asked = {f"problem.{kind.slug()}" for kind in [*all_errors(), HotlineError]}
    asked |= {f"remedy.{kind.slug()}" for kind in all_errors()}
    assert asked - catalogue(language).keys() == set()


def test_one_and_many_are_said_differently():
    t = translator("en")
    assert t("queue.left_out", count=1, number="1") == "And one more that is not shown."
    assert t("queue.left_out", count=2, number="2") == "And 2 more that are not shown."


def test_a_text_that_is_missing_is_an_error_and_no_key_on_the_screen():
    with pytest.raises(KeyError):
        translator("da")("desk.nonsense")


def holes(text):
    texts = text.values() if isinstance(text, dict) else [text]
    return {name for one in texts for _, name, _, _ in string.Formatter().parse(one) if name}
