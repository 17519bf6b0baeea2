"""What stands beside figures in a file: whose they are, of when, and what the words mean."""

from collections.abc import Callable, Iterable

from hotline.policies import current_policy
from hotline.statistics.spans import Window
from hotline.web.formats import Formats

Translator = Callable[..., str]


def lines(
    t: Translator, language: str, name: str | None, shown: Window, channel: str | None, formulas: Iterable[str]
) -> list[str]:
    """A line each; `name` is a municipality's, none where all are meant."""
    fmt = Formats(language)
    days = dict.fromkeys((fmt.day(shown.first), fmt.day(shown.last)))
    return [
        name or t("municipalities.title"),
        " – ".join(days),
        t("statistics.channel") + ": " + (t(f"channel.{channel}") if channel else t("statistics.all_channels")),
        *(t(f"statistics.formula.{letter}") for letter in formulas),
        promise(t, fmt),
        t("statistics.exchange_more"),
    ]


def promise(t: Translator, fmt: Formats) -> str:
    """Within what time citizens are promised an answer, by channel and priority."""
    policy = current_policy()
    names = {2: "", 1: "_urgent", 3: "_later"}
    live = {f"live{name}": fmt.duration(policy.targets_live[priority]) for priority, name in names.items()}
    written = {f"written{name}": fmt.duration(policy.targets_written[priority]) for priority, name in names.items()}
    return t("statistics.promise", **live, **written)
