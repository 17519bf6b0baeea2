"""together(): who answers together at a moment, and by which agreements, by the Danish day."""

import json
from datetime import datetime
from functools import lru_cache

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.routing.rings import Agreement
from hotline.routing.together import Together

IN_FORCE = "{of}.joined <= {day} AND ({of}.left_on IS NULL OR {of}.left_on > {day})"
TODAY = "(now() AT TIME ZONE 'Europe/Copenhagen')::date"

# The municipalities whose citizens the agents of {one} may answer on the Danish day {day}, as an array: their own, and
# those it shares a collaboration with. It is worked out once a statement where {one} is the same for all rows.
ANSWERED_BY = f"""
    ARRAY(SELECT CAST({{one}} AS text) UNION ALL
          SELECT them.municipality
          FROM membership us JOIN membership them ON them.collaboration_id = us.collaboration_id
          WHERE us.municipality = {{one}}
            AND {IN_FORCE.format(of="us", day="{day}")} AND {IN_FORCE.format(of="them", day="{day}")})
"""
# What others keep from the agents of {one}, as an array of `municipality topic`: that is kept in all that they share.
KEPT_FROM = f"""
    ARRAY(SELECT k.municipality || ' ' || k.topic FROM kept_topic k
          WHERE k.municipality <> {{one}} AND NOT EXISTS (
              SELECT FROM membership us JOIN membership them ON them.collaboration_id = us.collaboration_id
              WHERE us.municipality = {{one}} AND them.municipality = k.municipality
                AND {IN_FORCE.format(of="us", day="{day}")} AND {IN_FORCE.format(of="them", day="{day}")}
                AND NOT EXISTS (SELECT FROM kept_topic o WHERE o.collaboration_id = us.collaboration_id
                                AND o.municipality = k.municipality AND o.topic = k.topic)))
"""

AGREED = text(f"""
    SELECT json_build_object(
        'municipalities', (SELECT json_agg(code ORDER BY code) FROM municipality),
        'collaborations', (
            SELECT json_agg(json_build_object(
                'id', c.id, 'home_first_seconds', c.home_first_seconds, 'partner_seconds', c.partner_seconds,
                'members', (SELECT json_agg(m.municipality ORDER BY m.municipality) FROM membership m
                            WHERE m.collaboration_id = c.id AND {IN_FORCE.format(of="m", day=":day")}),
                'partners', (SELECT json_agg(json_build_array(p.municipality, p.partner)
                                             ORDER BY p.municipality, p.partner)
                             FROM partner p WHERE p.collaboration_id = c.id),
                'kept', (SELECT json_agg(json_build_array(k.municipality, k.topic) ORDER BY k.municipality, k.topic)
                         FROM kept_topic k WHERE k.collaboration_id = c.id)) ORDER BY c.id)
            FROM collaboration c))::text
""")


def answers(inquiry: str, one: str, day: str) -> str:
    """SQL: whether the agents of the municipality `one` may answer the citizen of `inquiry` on the Danish day `day`,
    now or once a ring widens; one whose own municipality took no part is answered by any member's."""
    kept = f"{inquiry}.municipality || ' ' || coalesce({inquiry}.topic, '')"
    member = f"SELECT FROM membership us WHERE us.municipality = {one} AND {IN_FORCE.format(of='us', day=day)}"
    return (
        f"CASE WHEN {inquiry}.outside THEN EXISTS ({member})"
        f" ELSE {inquiry}.municipality = ANY ({ANSWERED_BY.format(one=one, day=day)})"
        f" AND NOT {kept} = ANY ({KEPT_FROM.format(one=one, day=day)}) END"
    )


def together(session: Session, now: datetime) -> Together:
    """Each municipality with what it has agreed at `now` (aware): from the day it joined until, not on, the day it
    left."""
    return _read(session.execute(AGREED, {"day": danish(now).date()}).scalar_one())


@lru_cache(maxsize=8)  # what follows from it is worked out once, and most of the time nothing has changed
def _read(agreed: str) -> Together:
    said = json.loads(agreed)
    agreements = {}
    for one in said["collaborations"] or ():
        members = frozenset(one["members"] or ())
        agreements[one["id"]] = Agreement(
            members,
            one["home_first_seconds"],
            one["partner_seconds"],
            partners=_by_member(one["partners"], members, members),
            kept=_by_member(one["kept"], members),
        )
    return Together(tuple(said["municipalities"] or ()), agreements)


def _by_member(
    pairs: list[tuple[str, str]] | None, members: frozenset[str], others: frozenset[str] | None = None
) -> dict[str, frozenset[str]]:
    """What each member has said, of those that count: of `others` alone, where they are given."""
    found: dict[str, frozenset[str]] = {}
    for code, said in pairs or ():
        if code in members and (others is None or said in others):
            found[code] = found.get(code, frozenset()) | {said}
    return found
