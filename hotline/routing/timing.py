"""Every rule of time. Moments are seconds on one clock: the shell writes rows with them, a simulator moves its own."""

from hotline.routing.model import ANY_LANGUAGE
from hotline.routing.policy import Policy

ALWAYS_ASKED_FOR = frozenset({"da"})  # languages that waiting does not widen


def deadline(queued_at: float, live: bool, priority: int, policy: Policy) -> float:
    """When it should have been answered; the earliest is served first."""
    return queued_at + policy.answer_within(live, priority)


def lapses_at(made_at: float, policy: Policy) -> float:
    """Until when an agent may answer an offer that is made now."""
    return made_at + policy.offer_seconds


def rests_until(now: float, misses: int, policy: Policy) -> float:
    """Until when an agent who has just missed so many offers in a row is offered nothing."""
    return now + policy.rest_after_miss * misses


def takes_a_break(misses: int, policy: Policy) -> bool:
    """Whether so many misses in a row set an agent on break."""
    return misses >= policy.misses_before_break


def asked_again_before(now: float, policy: Policy) -> dict[str, float]:
    """By how they said no, the moment up to which whoever did may be asked again for the same inquiry: who refused it,
    who missed it, and who had it in hand and passed it on."""
    return {
        "refused": now - policy.rest_after_refusal,
        "missed": now - policy.again_after_miss,
        "passed_on": now - policy.again_after_transfer,
    }


def goes_home_before(now: float, policy: Policy) -> float:
    """Written work that nobody on duty could take since this moment or longer goes to the citizen's municipality."""
    return now - policy.hands_over_after


def kept_until(now: float, policy: Policy) -> float:
    """Until when an inquiry that is meant for one agent from now on is kept for them."""
    return now + policy.only_agent_seconds


def rung_again_at(now: float, attempts: int, policy: Policy) -> float | None:
    """When a citizen who did not answer at so many attempts is rung once more; None where that is over."""
    if attempts >= policy.callback_attempts:
        return None
    return now + policy.callback_again[min(attempts, len(policy.callback_again)) - 1]


def may_ask_for(moment: float, now: float, policy: Policy) -> bool:
    """Whether a citizen may ask to be rung at that moment, or it is too far ahead."""
    return moment <= now + policy.callback_furthest


def asks_for_language(language: str, queued_at: float, is_spoken: bool, now: float, policy: Policy) -> bool:
    """Whether an inquiry still waits for somebody with its language.

    `is_spoken` is whether anybody signed in who could be offered it speaks that language. No wait widens Danish.
    """
    if language == ANY_LANGUAGE or not is_spoken:
        return False
    return language in ALWAYS_ASKED_FOR or queued_at > widened_before(now, policy)


def widened_before(now: float, policy: Policy) -> float:
    """What has been in the queue since this moment or longer asks for no language but Danish any more."""
    return now - policy.language_grace
