"""How calls are led: config/telephony.toml, or a file in its manner."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hotline.integrations.ari.steps import Patience
from hotline.resources import CONFIG

SHIPPED = CONFIG / "telephony.toml"
LONGEST_WAIT = 60  # minutes that are said


class NoRules(Exception):
    """The file cannot be used; says why in one line."""


@dataclass(frozen=True)
class Rules:
    """Seconds where a member says nothing else; what is said is media as Asterisk plays it, joined by commas."""

    municipality: str
    trunk: str
    caller: str
    caller_number: str
    patience: Patience
    first_after: float
    then_every: float
    sounds: dict[str, str]
    callback_key: str

    def dialled(self, endpoint: str) -> str:
        """What Asterisk is asked to ring for an agent who is rung there."""
        return endpoint if endpoint.startswith("PJSIP/") else self.trunk.format(number=endpoint)

    def said(self, position: int | None, wait_seconds: int | None) -> str:
        """What somebody hears at this place; nothing where nobody is there to answer."""
        if position is None:
            return self.sounds["thanks"]
        place = self.sounds["next"] if position == 1 else self.sounds["position"].format(n=position)
        minutes = min(LONGEST_WAIT, max(2, -(-(wait_seconds or 0) // 60)))
        parts = place, self.sounds["wait"].format(minutes=minutes), self.sounds["thanks"]
        return ",".join(part for part in parts if part)


def rules(file: Path = SHIPPED) -> Rules:
    """The rules that stand in this file. Raises NoRules."""
    try:
        return _read(tomllib.loads(file.read_text()))
    except OSError as error:
        raise NoRules(f"{file}: {error.strerror}") from None
    except KeyError as error:
        raise NoRules(f"{file} says nothing of {error}") from None
    except (ValueError, TypeError, IndexError) as error:
        raise NoRules(f"{file} cannot be read: {error}") from None


def _read(said: dict[str, Any]) -> Rules:
    wait, say = said["wait"], said["say"]
    found = Rules(
        municipality=str(said["municipality"]),
        trunk=str(said["trunk"]),
        caller=str(said["caller"]),
        caller_number=str(said["caller_number"]),
        patience=Patience(*(_seconds(wait[one]) for one in ("telephone_dead", "telephone_rings", "agent_without"))),
        first_after=float(say["first_after"]),
        then_every=float(say["then_every"]),
        sounds={name: str(say[name]) for name in ("next", "position", "wait", "thanks")},
        callback_key=str(said["keys"]["callback"]),
    )
    found.dialled("+4520123456")
    found.said(2, 60)
    return found


def _seconds(said: float) -> timedelta:
    return timedelta(seconds=float(said))
