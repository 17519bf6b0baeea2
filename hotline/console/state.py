"""What an agent has before them: presence, offers and inquiries, in the shape that /me and the stream share."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import TextClause, text
from sqlmodel import Session

from hotline.db import being
from hotline.directory.together import TODAY, answers
from hotline.inquiries.states import HELD, sql
from hotline.privacy.vault import unsealed
from hotline.tenant import at_console

# One statement for many agents. `{agents}` is the driver's way of writing the list of their ids.
STATE = """
    SELECT a.id AS agent_id, p.username, p.name, p.role, a.municipality, w.presence, w.presence_reason AS reason,
           {phone} AS phone, {missed} AS missed, w.capacity, w.load, a.languages, {skills} AS skills,
           {offers} AS offers, {inquiries} AS inquiries{more}
    FROM agent a JOIN agent_work w ON w.agent_id = a.id JOIN person p ON p.id = a.id
    WHERE a.id = ANY({agents})
"""
PHONE = "(SELECT f.endpoint FROM agent_phone f WHERE f.agent_id = a.id)"
# What they missed last, and how many in a row that makes, until they have seen it.
MISSED = """
    w.missed || jsonb_build_object('count', w.misses, 'municipality_name',
        (SELECT name FROM municipality WHERE code = w.missed->>'municipality'))
"""
# That the agent's municipality answers this citizen's today.
ANSWERS = answers("i", "a.municipality", TODAY)
SKILLS = """
    coalesce((SELECT jsonb_agg(jsonb_build_object('topic', s.topic, 'level', s.level) ORDER BY s.topic)
              FROM agent_skill s WHERE s.agent_id = a.id), '[]')
"""
# An offer shows what it is about and nothing of who asks.
OFFERS = """
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'made_at', o.made_at, 'lapses_at', o.lapses_at,
                                                  'inquiry', {inquiry}) ORDER BY o.id)
              FROM offer o JOIN inquiry i ON i.id = o.inquiry_id
              LEFT JOIN topic t ON t.slug = i.topic JOIN municipality m ON m.code = i.municipality
              WHERE o.agent_id = a.id AND o.state = 'open' AND {answers}), '[]')
"""
# Who asks stands in what the agent has accepted.
IN_HAND = """
    coalesce((SELECT jsonb_agg({inquiry} || jsonb_build_object('answered_at', i.answered_at,
                  'wrapping_at', i.wrapping_at, 'flag', i.flag, 'attributes', i.attributes,
                  'sealed', jsonb_build_object('name', encode(c.name, 'base64'),
                      'phone', encode(c.phone, 'base64'), 'email', encode(c.email, 'base64')),
                  'notes', {notes}, 'draft', {draft}, 'messages', {messages}, 'answer', {answer},
                  'answered_in', {answered_in}, 'there', {there},
                  'cpr', CASE WHEN c.cpr IS NULL THEN '[]'::jsonb ELSE {given} END || {found})
                  ORDER BY i.answered_at)
              FROM inquiry i LEFT JOIN citizen c ON c.inquiry_id = i.id
              LEFT JOIN topic t ON t.slug = i.topic JOIN municipality m ON m.code = i.municipality
              WHERE i.agent_id = a.id AND i.state IN {held}), '[]')
"""
INQUIRY = """
    jsonb_build_object('id', i.id, 'reference', i.reference, 'state', i.state, 'channel', i.channel, 'topic', i.topic,
        'topic_name', t.name, 'topic_name_en', t.name_en, 'kle', t.kle, 'language', i.language, 'priority', i.priority,
        'urgent', i.urgent, 'urgent_because', i.urgent_because, 'municipality', i.municipality,
        'municipality_name', m.name, 'text', i.text, 'received_at', i.received_at, 'alternatives', i.alternatives,
        'transfers', i.transfers,
        'callback', CASE WHEN i.call_from IS NOT NULL THEN jsonb_build_object('attempts', i.call_attempts) END)
"""
NOTES = """
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', n.id, 'at', n.at, 'by', w.name, 'text', n.text) ORDER BY n.id)
              FROM note n LEFT JOIN person w ON w.id = n.person_id WHERE n.inquiry_id = i.id), '[]')
"""
# What citizen and agents have written since, the last of it where that is much.
MESSAGES = """
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', n.id, 'at', n.at, 'from', n.sender, 'by', w.name,
                                                  'text', n.text, 'read_at', n.read_at,
                                                  'undelivered', n.undelivered) ORDER BY n.id)
              FROM (SELECT * FROM message WHERE inquiry_id = i.id ORDER BY id DESC LIMIT 200) n
              LEFT JOIN person w ON w.id = n.person_id), '[]')
"""
# What this agent is still writing of it.
DRAFT = """
    (SELECT jsonb_build_object('text', d.text, 'outcome', d.outcome, 'changed_at', d.changed_at)
     FROM note_draft d WHERE d.inquiry_id = i.id AND d.agent_id = i.agent_id AND d.kind = 'note')
"""
ANSWER = """
    (SELECT jsonb_build_object('text', d.text, 'changed_at', d.changed_at)
     FROM note_draft d WHERE d.inquiry_id = i.id AND d.agent_id = i.agent_id AND d.kind = 'answer')
"""
# Where it is answered instead, if its integrator says so.
ANSWERED_IN = """
    (SELECT jsonb_build_object('name', g.name, 'url', g.answered_in->>i.channel, 'external_id', i.external_id)
     FROM integrator g WHERE g.id = i.integrator_id AND g.answered_in->>i.channel IS NOT NULL)
"""
# Whether the citizen of a chat is still at their page, as far as that tells.
THERE = """
    (SELECT jsonb_build_object('typed_at', h.typed_at, 'left_at', h.left_at)
     FROM citizen_there h WHERE h.inquiry_id = i.id)
"""
# Of CPR numbers there is only where each stood: number 0 is one that the citizen gave, the others were taken out of
# what was written. `at` counts from 1 the tokens of that place as it reads now, without those that were put back.
GIVEN = """jsonb_build_array(jsonb_build_object('n', 0, 'place', 'citizen', 'at', 1, 'may_reveal', true))"""
FOUND = """
    coalesce((SELECT jsonb_agg(jsonb_build_object('n', k.n, 'place', k.place, 'at', k.at, 'may_reveal', k.may_reveal)
                               ORDER BY k.n)
              FROM (SELECT f.n, f.place, f.may_reveal, f.false_hit, f.position + 1
                           - count(*) FILTER (WHERE f.false_hit) OVER (PARTITION BY f.place ORDER BY f.position) AS at
                    FROM kept_cpr f WHERE f.inquiry_id = i.id) k
              WHERE NOT k.false_hit), '[]')
"""


def statement(agents: str, more: str = "") -> str:
    """The SQL of the state, with `agents` as the parameter that holds the list of ids, and `more` columns behind it."""
    parts = {"answers": ANSWERS, "inquiry": INQUIRY, "given": GIVEN, "found": FOUND}
    parts |= {"notes": NOTES, "draft": DRAFT, "messages": MESSAGES, "answer": ANSWER, "answered_in": ANSWERED_IN}
    parts |= {"there": THERE}
    offers, in_hand = OFFERS.format(**parts), IN_HAND.format(held=sql(HELD), **parts)
    return STATE.format(
        agents=agents, phone=PHONE, missed=MISSED, skills=SKILLS, offers=offers, inquiries=in_hand, more=more
    )


STATE_OF = text(statement(":agents"))


def state_of(session: Session, agent_id: int) -> dict[str, Any]:
    """The state of one agent: see `shaped`."""
    return shaped(look(session, STATE_OF, {"agents": [agent_id]}))


def look(session: Session, of: TextClause, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The one row of a statement of the state, as the agent's console may see it.

    An agent's own policies would find the same, by conditions within conditions that take PostgreSQL 30 times as long
    to plan as the console's.
    """
    with being(session, at_console):
        row = session.execute(of, asked).mappings().one()
    return {str(name): value for name, value in row.items()}


def shaped(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of the statement as /me gives it: ready for JSON, times as RFC 3339, the citizen's fields opened."""
    state = dict(row)
    state["inquiries"] = [_opened(inquiry) for inquiry in state["inquiries"]]
    return state


def version(state: Mapping[str, Any]) -> str:
    """A short word that is the same for the same state, so that a page can tell whether it shows it already."""
    return hashlib.blake2b(json.dumps(state, sort_keys=True).encode(), digest_size=9).hexdigest()


def presence_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a state that the event `presence` carries."""
    return {"state": state["presence"]} | {name: state[name] for name in ("reason", "capacity", "load", "missed")}


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """The events that lead from one state to the next, as (name, data); everything where there was none before."""
    if before is None or presence_of(before) != presence_of(after):
        yield "presence", presence_of(after)
    had = {offer["id"] for offer in before["offers"]} if before else set()
    has = {offer["id"] for offer in after["offers"]}
    for gone in sorted(had - has):
        yield "offer_gone", {"id": gone}
    held = {inquiry["id"]: inquiry for inquiry in before["inquiries"]} if before else {}
    holds = {inquiry["id"]: inquiry for inquiry in after["inquiries"]}
    for inquiry in after["inquiries"]:
        if held.get(inquiry["id"]) != inquiry:
            yield "inquiry", inquiry
        if inquiry["id"] in held:
            told = {one["id"] for one in held[inquiry["id"]]["messages"]}
            for message in inquiry["messages"]:
                if message["id"] not in told:
                    yield "message", message | {"inquiry": inquiry["id"]}
    for inquiry_id in held.keys() - holds.keys():
        yield "inquiry", {"id": inquiry_id, "state": None}
    for offer in after["offers"]:
        if offer["id"] not in had:
            yield "offer", offer


def _opened(inquiry: dict[str, Any]) -> dict[str, Any]:
    # Without its key the rest of the inquiry is still worth showing.
    citizen = {field: unsealed(b64decode(sealed or ""), field) for field, sealed in inquiry["sealed"].items()}
    opened = {name: value for name, value in inquiry.items() if name != "sealed"} | {"citizen": citizen}
    if elsewhere := inquiry["answered_in"]:
        url = elsewhere["url"].replace("{external_id}", quote(elsewhere["external_id"] or "", safe=""))
        url = url.replace("{reference}", quote(inquiry["reference"], safe=""))
        opened["answered_in"] = {"name": elsewhere["name"], "url": url}
    return opened
