"""What a run was worth: the figures of its inquiries and of each channel; seconds and shares, null of nothing."""

from collections import defaultdict
from collections.abc import Sequence

from hotline.routing.model import LIVE
from hotline.routing.policy import Policy
from hotline.simulation.run import Fate

Figures = dict[str, float | None]


def figures(fates: Sequence[Fate], policy: Policy, service_level: float) -> Figures:
    """The figures of these fates, those refused in none of them.

    `queue_time` is the mean over all, those who gave up included, as are `p95` and `p99`; `mean_wait` and `sl` (within
    the service level's seconds) are of those answered, `in_target` and `abandoned` of all.
    """
    counted = [one for one in fates if not one.refused]
    if not counted:
        return dict.fromkeys(("queue_time", "mean_wait", "p95", "p99", "sl", "in_target", "abandoned"))
    everybody = sorted(one.waited for one in counted)
    answered = [one.waited for one in counted if one.agent is not None]
    number = len(counted)
    return {
        "queue_time": sum(everybody) / number,
        "mean_wait": sum(answered) / len(answered) if answered else None,
        "p95": everybody[int(0.95 * number)],
        "p99": everybody[int(0.99 * number)],
        "sl": sum(one <= service_level for one in answered) / len(answered) if answered else None,
        "in_target": sum(is_in_target(one, policy) for one in counted) / number,
        "abandoned": (number - len(answered)) / number,
    }


def by_channel(fates: Sequence[Fate], policy: Policy, service_level: float) -> dict[str, Figures]:
    """The same of each channel."""
    channels: dict[str, list[Fate]] = defaultdict(list)
    for one in fates:
        channels[one.arrival.channel].append(one)
    return {channel: figures(some, policy, service_level) for channel, some in sorted(channels.items())}


def is_in_target(fate: Fate, policy: Policy) -> bool:
    """Whether it was answered, and by when it was due."""
    live = fate.arrival.channel in LIVE
    return fate.agent is not None and fate.waited <= policy.answer_within(live, fate.arrival.priority)
