"""What one more agent who could take a topic is worth: what comes of it, and who else could take it."""

from collections.abc import Hashable

from hotline.routing.moment import Moment
from hotline.routing.rings import Agreement


def coming(topic: str, moment: Moment) -> float:
    """Calls and chats of a topic that are to be kept ready for, an hour; of a surge no more than its part."""
    weights, learned = moment.policy.inquiries, moment.learned
    part: float = learned.usual_to_present(topic, weights.surge_slack) ** weights.surge
    return learned.arrivals(topic) * part


def missed(idle: int, at_work: int, moment: Moment) -> float:
    """How much an idle agent is missed who is one of so many idle and of so many at work."""
    weights = moment.policy.agents
    share: float = weights.substitute ** max(0, idle - 1) / (max(1, at_work) + weights.scarce_plus) ** weights.scarce
    return share


def worth_by_rings(municipality: str, topic: str, moment: Moment, worth: dict[Hashable, float]) -> float:
    """What an agent of this municipality is worth an hour for a topic where home comes first.

    More than to all members they are worth to their own citizens, who else wait until the ring widens, and to those
    whose partners they are. `worth` keeps what was worked out.
    """
    asked = municipality, topic
    if asked not in worth:
        worth[asked] = coming(topic, moment) * (
            moment.policy.agents.at_home * _in_the_first_rings(municipality, topic, moment)
            + sum(
                _to_all_members(one, topic, moment, worth)
                for one in moment.agreements or ()
                if municipality in one.members
            )
        )
    return worth[asked]


def _in_the_first_rings(municipality: str, topic: str, moment: Moment) -> float:
    idle, learned, substitute = moment.cover.idle_at, moment.learned, moment.policy.agents.substitute
    at_home = idle[municipality, topic]
    found: float = learned.share_of(municipality) * substitute ** max(0, at_home - 1)
    for agreement in moment.agreements or ():
        for home in agreement.helped_by(municipality):
            near = idle[home, topic] + sum(idle[code, topic] for code in agreement.partners[home])
            found += learned.share_of(home) * substitute ** max(0, near - 1)
    return found


def _to_all_members(agreement: Agreement, topic: str, moment: Moment, worth: dict[Hashable, float]) -> float:
    asked = agreement.members, topic
    if asked not in worth:
        idle = sum(moment.cover.idle_at[code, topic] for code in agreement.members)
        at_work = sum(moment.cover.at_work_at[code, topic] for code in agreement.members)
        shares = sum(
            moment.learned.share_of(code)
            for code in agreement.members
            if topic not in agreement.kept.get(code, frozenset())
        )
        worth[asked] = shares * missed(idle, at_work, moment)
    return worth[asked]
