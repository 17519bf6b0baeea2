"""Invents citizens and what they ask: the texts of config/demo, mixed so that hardly two inquiries are alike."""

import json
import math
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from hotline.demo.wording import Voice, worded
from hotline.resources import CONFIG
from hotline.sample.region import region

DEMO = CONFIG / "demo"
USUAL_SIZE = 40.0  # thousands of inhabitants of a municipality that is not in the sample region


@dataclass(frozen=True)
class Text:
    """One thing a citizen may say, with its truth; `said` is `note`, `spoken` or `written`."""

    text: str
    topic: str
    language: str
    urgent: bool
    said: str


@dataclass(frozen=True)
class Citizen:
    """An invented person; `email` and `cpr` are None for those who did not give them."""

    name: str
    phone: str
    email: str | None
    cpr: str | None


@dataclass(frozen=True)
class Message:
    """One inquiry as it will be sent, and what only its citizen knows.

    `topic`, `language` and `urgent` are the truth, never sent. `patience_seconds` is how long the citizen stays in the
    queue, None for as long as it takes; `handle_seconds` is how long the talk lasts. Both are seconds of the hotline.
    """

    channel: str
    municipality: str
    text: str
    citizen: Citizen
    topic: str
    language: str
    urgent: bool
    patience_seconds: float | None
    handle_seconds: float

    def body(self, external_id: str) -> dict[str, Any]:
        """The JSON that `POST /inquiries` takes; `external_id` is new for every inquiry."""
        person = {"name": self.citizen.name, "phone": self.citizen.phone}
        if self.citizen.email:
            person["email"] = self.citizen.email
        if self.citizen.cpr:
            person["cpr"] = self.citizen.cpr
        return {
            "channel": self.channel,
            "municipality": self.municipality,
            "text": self.text,
            "citizen": person,
            "external_id": external_id,
        }


def messages(
    random: Random, municipalities: Sequence[str], languages: Collection[str] | None = None
) -> Iterator[Message]:
    """Inquiries without end from the citizens of these municipalities (codes), larger ones more often.

    `languages` (ISO 639-1) keeps to some of those in config/demo; None takes all. The same `random` gives the same
    inquiries.
    """
    told = demand()
    voice = Voice(_toml("variations.toml"), random)
    spoken = {code: share for code, share in told["languages"].items() if languages is None or code in languages}
    sizes = region().sizes
    people = {code: sizes.get(code, USUAL_SIZE) for code in municipalities}
    phones: set[str] = set()
    while True:
        channel = _drawn(random, told["channels"])
        text = _text(random, told["topics"], _drawn(random, spoken), channel)
        citizen = _citizen(random, voice, phones)
        yield Message(
            channel=channel,
            municipality=_drawn(random, people),
            text=worded(voice, text.text, text.language, text.said, channel, citizen.name, citizen.cpr),
            citizen=citizen,
            topic=text.topic,
            language=text.language,
            urgent=text.urgent,
            patience_seconds=patience(random, channel),
            handle_seconds=handling(random, text.topic),
        )


def hour_shares() -> dict[int, float]:
    """How a day's inquiries spread: the hour that begins, in local time, and its share of the day (they sum to 1)."""
    hours = {int(hour): float(share) for hour, share in demand()["hours"].items()}
    total = sum(hours.values())
    return {hour: share / total for hour, share in sorted(hours.items())}


def usual_handle_seconds(topic: str | None) -> float:
    """Mean seconds of talk about a topic; of all topics where it is unknown."""
    means: dict[str, float] = demand()["handle_seconds"]
    return means.get(topic or "", sum(means.values()) / len(means))


def topic_work() -> dict[str, float]:
    """Share of all talking time that each topic takes; they sum to 1."""
    told = demand()
    work = {topic: share * told["handle_seconds"][topic] for topic, share in told["topics"].items()}
    return {topic: seconds / sum(work.values()) for topic, seconds in work.items()}


@cache
def texts() -> tuple[Text, ...]:
    """Everything in config/demo/texts, in the order of the files' names and lines."""
    files = sorted((DEMO / "texts").glob("*.jsonl"))
    return tuple(Text(**json.loads(line)) for file in files for line in file.read_text("utf-8").splitlines())


@cache
def demand() -> dict[str, Any]:
    """What config/demo/demand.toml says."""
    return _toml("demand.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / name).read_text("utf-8"))


def _drawn(random: Random, shares: dict[str, float]) -> str:
    return random.choices(list(shares), weights=list(shares.values()))[0]


def _text(random: Random, topics: dict[str, float], language: str, channel: str) -> Text:
    """A text about a topic drawn by its share; a call is heard or noted down, everything else was written."""
    wanted = ("note", "spoken") if channel == "phone" else ("written",)
    pool = _by_topic(language)
    topic = _drawn(random, {topic: share for topic, share in topics.items() if topic in pool})
    fitting = [text for text in pool[topic] if text.said in wanted]
    return random.choice(fitting or pool[topic])


@cache
def _by_topic(language: str) -> dict[str, list[Text]]:
    pool: dict[str, list[Text]] = {}
    for text in texts():
        if text.language == language:
            pool.setdefault(text.topic, []).append(text)
    return pool


def _citizen(random: Random, voice: Voice, phones: set[str]) -> Citizen:
    """An invented person with a phone number that nobody before in this run had."""
    name = voice.name()
    phone = f"+45 2{random.randrange(10**7):07d}"
    while phone in phones:
        phone = f"+45 2{random.randrange(10**7):07d}"
    phones.add(phone)
    address = "".join(_plain(part) for part in name.split())
    email = f"{address}{random.randrange(1000)}@example.dk" if random.random() < 0.4 else None
    return Citizen(name, phone, email, _cpr(random) if random.random() < 0.15 else None)


def _plain(word: str) -> str:
    return word.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def _cpr(random: Random) -> str:
    """An invented number; nobody checks whether it passes modulus 11, and real ones need not either."""
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randrange(100)
    # A seventh digit of 4 puts the years 00-36 into the 2000s and 37-99 into the 1900s: nobody of the 1800s turns up.
    return f"{day:02d}{month:02d}{year:02d}-4{random.randrange(1000):03d}"


def patience(random: Random, channel: str) -> float | None:
    """Few give up at once, and some stay for very long: a Weibull time of shape 1.4. None where nobody gives up."""
    mean = demand()["patience_seconds"].get(channel)
    return None if mean is None else max(8.0, random.weibullvariate(mean / math.gamma(1 + 1 / 1.4), 1.4))


def handling(random: Random, topic: str) -> float:
    """Talks are short with a long tail: a lognormal time of the topic's mean, at least 15 s."""
    spread = 0.6
    mean = demand()["handle_seconds"][topic]
    return max(15.0, random.lognormvariate(math.log(mean) - spread**2 / 2, spread))
