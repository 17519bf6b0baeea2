"""A scenario as its file says it: who works when, and what comes. Times are seconds from 0."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from hotline.routing.policy import Policy
from hotline.routing.rings import Agreement

AS_IT_IS = ConfigDict(allow_inf_nan=False, extra="ignore")
Seconds = Annotated[float, Field(ge=0)]
Level = Annotated[int, Field(ge=1, le=3)]
Priority = Annotated[int, Field(ge=1, le=3)]
Targets = dict[Priority, Annotated[float, Field(gt=0)]]


def _said(fields: Any) -> Any:
    """The same without what is null, which is as good as left out."""
    if fields is None:
        return {}
    return {name: said for name, said in fields.items() if said is not None} if isinstance(fields, dict) else fields


NullIsLeftOut = BeforeValidator(_said)
NullIsTrue = BeforeValidator(lambda said: said is None or said)


class NoScenario(Exception):
    """What is in the file is no scenario; says where and why in one line."""


@dataclass(frozen=True, slots=True, config=AS_IT_IS)
class Municipality:
    """`share` of the citizens, of whatever sum."""

    code: str
    name: str
    share: Annotated[float, Field(ge=0)]


@dataclass(frozen=True, slots=True, config=AS_IT_IS)
class Worker:
    """An agent and when they work, each shift from its first second until, not with, its last."""

    id: str
    municipality: str
    languages: frozenset[str]
    capacity: Annotated[int, Field(ge=1)]
    skills: dict[str, Level]
    shifts: tuple[tuple[Seconds, Seconds], ...]


@dataclass(frozen=True, slots=True, config=AS_IT_IS)
class Arrival:
    """An inquiry that comes. How long it takes and how long its citizen waits no decision is told."""

    id: str
    at: Seconds
    municipality: str
    topic: str
    language: str
    channel: str
    priority: Priority
    handle_seconds: Seconds
    patience_seconds: Seconds
    member: Annotated[bool, NullIsTrue] = True


@dataclass(frozen=True, slots=True, config=AS_IT_IS)
class Collaboration:
    """Municipalities that answer together: how long home and then partners are asked alone, and what each keeps."""

    members: frozenset[str]
    home_first_seconds: Seconds = 0.0
    partner_seconds: Seconds = 0.0
    partners: dict[str, frozenset[str]] = field(default_factory=dict)
    kept: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, config=AS_IT_IS)
class Settings:
    """What a scenario says in place of the policy; `day_seconds` is how long one of its days is.

    `shift_ends_known` is whether routing is told when a shift ends, as by a roster; `languages_widen`, whether what
    waits for a language is opened to others by the policy's grace, or where nobody at work speaks it.
    """

    wrap_up_seconds: Seconds = 0.0
    offer_seconds: Seconds = 0.0
    home_first_seconds: Seconds = 0.0
    service_level_seconds: Seconds = 60.0
    target_seconds: Targets | None = None
    target_seconds_written: Targets | None = None
    proficiency_factor: dict[Level, Annotated[float, Field(gt=0)]] | None = None
    collaborations: tuple[Annotated[Collaboration, NullIsLeftOut], ...] | None = None
    outside: Literal["equal", "last", "refuse"] | None = None
    day_seconds: Annotated[float, Field(gt=0)] = 36000.0
    shift_ends_known: bool = True
    languages_widen: bool = False


@dataclass(frozen=True, slots=True, config=AS_IT_IS)
class Scenario:
    """Everything a run needs beside a policy; `learned` are the sums of routing/learned.py that it begins with."""

    name: str
    municipalities: tuple[Municipality, ...]
    agents: tuple[Worker, ...]
    inquiries: tuple[Arrival, ...]
    settings: Annotated[Settings, NullIsLeftOut] = field(default_factory=Settings)
    learned: dict[str, Any] | None = None

    @property
    def agreements(self) -> tuple[Agreement, ...] | None:
        """Its collaborations as the core knows them; None where everybody answers everybody."""
        return (
            tuple(
                Agreement(one.members, one.home_first_seconds, one.partner_seconds, one.partners, one.kept)
                for one in self.settings.collaborations or ()
            )
            or None
        )


def read(path: Path) -> Scenario:
    """Raises NoScenario or OSError."""
    return parse(path.read_bytes())


def parse(text: bytes) -> Scenario:
    """Raises NoScenario."""
    try:
        scenario = TypeAdapter(Scenario).validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise NoScenario(f"{where + ': ' if where else ''}{first['msg']}") from None
    _in_itself(scenario)
    return scenario


def policy_for(scenario: Scenario, policy: Policy) -> Policy:
    """The policy as the scenario's settings have it."""
    said = scenario.settings
    live = said.target_seconds or policy.targets_live
    written = said.target_seconds_written or said.target_seconds or policy.targets_written
    return replace(
        policy,
        targets_live={**policy.targets_live, **live},
        targets_written={**policy.targets_written, **written},
        pace={**policy.pace, **(said.proficiency_factor or {})},
        outside=said.outside or "equal",
    )


def _in_itself(scenario: Scenario) -> None:
    """Raises NoScenario where one part of it contradicts another."""
    codes = _once((one.code for one in scenario.municipalities), "municipality")
    _once((one.id for one in scenario.agents), "agent")
    _once((one.id for one in scenario.inquiries), "inquiry")
    for worker in scenario.agents:
        if worker.municipality not in codes:
            raise NoScenario(f"agent {worker.id}: there is no municipality {worker.municipality}")
        for begins, ends in worker.shifts:
            if begins > ends:
                raise NoScenario(f"agent {worker.id}: a shift ends at {ends:g}, before it begins at {begins:g}")
    for one in scenario.inquiries:
        if one.member and one.municipality not in codes:
            raise NoScenario(f"inquiry {one.id}: there is no municipality {one.municipality}; is it no member?")
    for collaboration in scenario.settings.collaborations or ():
        named = collaboration.members.union(
            *collaboration.partners.values(), collaboration.partners, collaboration.kept
        )
        for code in sorted(named - codes):
            raise NoScenario(f"a collaboration names {code}, which is no municipality of the scenario")


def _once(names: Iterable[str], what: str) -> frozenset[str]:
    counted = Counter(names)
    for name, times in counted.items():
        if times > 1:
            raise NoScenario(f"{what} {name} is there {times} times")
    return frozenset(counted)
