"""sentences(): an explanation as people read it, on the page and from the command."""

from collections.abc import Callable, Mapping

from hotline.board.explanation import Explanation, Named, Offered, Waiting, Widened
from hotline.web.formats import Formats

Words = Callable[..., str]


def sentences(told: Explanation, t: Words, fmt: Formats) -> list[str]:
    """As it came: a sentence for each ring that opened; for each offer, then each of those beside, then the rest; last
    why it waits."""
    told_of = [(offer.made_at, _offered(offer, t, fmt)) for offer in told.offers]
    told_of += [(one.at, [_widened(one, t, fmt)]) for one in told.widened]
    found = [line for _, some in sorted(told_of, key=lambda one: one[0]) for line in some]
    return found + ([_waiting(told.waiting, t, fmt)] if told.waiting else [])


def _offered(offer: Offered, t: Words, fmt: Formats) -> list[str]:
    at = {
        "time": fmt.clock(offer.made_at),
        "agent": _name(offer.agent, t),
        "became": t(f"explanation.became.{offer.state}"),
    }
    if offer.able is None:
        return [t("explanation.before", reason=offer.reason or "–", **at)]
    way = "by_hand" if offer.by_hand else "by_name" if offer.by_name else "alone" if offer.able == 1 else "first"
    first = t(f"explanation.{way}", able=fmt.number(offer.able), **at)
    if offer.at_work and not offer.by_hand:
        first += " " + t("explanation.at_work", count=offer.at_work, number=fmt.number(offer.at_work))
    beside = [
        t(f"explanation.beside.{one.behind}", agent=_name(one.agent, t), times=fmt.number(round(one.times, 1)))
        for one in offer.beside
    ]
    rest = [t("explanation.rest", reasons=_counted(offer.not_able, t, fmt))] if offer.not_able else []
    return [first, *beside, *rest]


def _widened(one: Widened, t: Words, fmt: Formats) -> str:
    way = "early" if one.early else "widened"
    return t(f"explanation.{way}", time=fmt.clock(one.at), municipalities=fmt.number(one.municipalities))


def _waiting(waiting: Waiting, t: Words, fmt: Formats) -> str:
    since = fmt.clock(waiting.since)
    if waiting.behind is not None:
        return t("explanation.behind", time=since, reference=waiting.behind)
    if not waiting.not_able:
        return t("explanation.nobody", time=since)
    if waiting.only_agent is not None:
        return t("explanation.waits_for", time=since, agent=_name(waiting.only_agent, t))
    return t("explanation.waits", time=since, reasons=_counted(waiting.not_able, t, fmt))


def _counted(reasons: Mapping[str, int], t: Words, fmt: Formats) -> str:
    most = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{fmt.number(count)} {t(f'explanation.not_able.{reason}')}" for reason, count in most)


def _name(agent: Named, t: Words) -> str:
    if agent.name is None:
        return t("explanation.somebody", municipality=agent.municipality_name)
    return t("explanation.agent", name=agent.name, municipality=agent.municipality_name)
