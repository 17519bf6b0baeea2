"""A simulated agent: does over the public HTTP API what a person does at the console, at any speed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from hotline.client import AsyncClient, Presence, Problem
from hotline.demo.citizens import Message, usual_handle_seconds
from hotline.sample.sign_ins import SignIn

LOOKS_EVERY = 5.0  # real seconds between two looks at /me when no event wakes the agent
HELD = ("handling", "wrapping")
OUTCOMES = {"resolved": 84, "referred": 9, "no_answer": 3, "duplicate": 1, "other": 3}
NOTES = (
    "Vejledt og hjulpet igennem.",
    "Borger kan nu selv.",
    "Sendt link, gennemgået trin for trin.",
    "Henvist til fremmøde.",
    "Kort afklaring.",
    "Gennemgik siden sammen.",
    "",
)

GREETING = {"da": "Hej, jeg er i gang med din henvendelse nu.", "en": "Hello, I am looking at your inquiry now."}
ANSWERS = {
    "da": (
        "Tak for din henvendelse. Jeg har set på den, og du behøver ikke gøre mere lige nu.",
        "Det kan du klare på borger.dk med MitID. Driller det, så skriv til os igen.",
        "Bestil en tid i Borgerservice på kommunens hjemmeside, og tag legitimation med.",
        "Jeg har sendt det videre til afdelingen, som svarer dig i din Digital Post.",
    ),
    "en": (
        "Thank you. I have looked at it, and you need not do anything more for now.",
        "You can do that at borger.dk with MitID. If it does not work, write to us again.",
        "Book a time at the citizen service on the municipality's website, and bring identification.",
        "I have passed it on to the department, which answers you in your Digital Post.",
    ),
}

# Told of each thing an agent has done: the event (accepted, refused, transferred, closed), the inquiry's id, the agent
# and, of a closure, the outcome.
Noticed = Callable[[str, str, SignIn, str | None], None]


@dataclass(frozen=True)
class Manner:
    """How agents work. Seconds are the hotline's, of which `speed` pass in a real one; chances are 0 to 1."""

    speed: float = 1.0
    answer_seconds: float = 4.0
    wrap_seconds: float = 35.0
    refuses: float = 0.03
    misses: float = 0.01
    corrects: float = 0.7
    transfers: float = 0.5
    until_break_seconds: float = 3000.0
    break_seconds: float = 300.0


class Agent:
    """One agent at work. What the hotline says in /me is the truth; events only say when to look."""

    def __init__(
        self,
        api: AsyncClient,
        user: SignIn,
        manner: Manner,
        random: Random,
        talks: dict[str, Message],
        noticed: Noticed = lambda event, inquiry, user, outcome: None,
    ) -> None:
        """`talks` holds what the citizens of inquiries (by id) will say; an inquiry not in it takes the usual time."""
        self.api = api
        self.user = user
        self.manner = manner
        self.random = random
        self.talks = talks
        self.noticed = noticed
        self.presence: Presence = "offline"
        self.ready = asyncio.Event()
        self._look = asyncio.Event()
        self._offers: set[int] = set()
        self._inquiries: set[str] = set()
        self._just_ended: set[str] = set()

    async def work(self) -> None:
        """Sign in and answer citizens until cancelled; then say so, and leave what was accepted where it is."""
        await self.api.sign_in(self.user.username, self.user.password)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen())
                await self._be("available")
                self.ready.set()
                tasks.create_task(self._take_breaks())
                await self._serve(tasks)
        finally:
            with suppress(Problem, TimeoutError):
                async with asyncio.timeout(2):
                    await self._be("offline")

    async def _listen(self) -> None:
        """Hold an event stream open, and open it again whenever it breaks."""
        while True:
            try:
                async for _name, _data in self.api.events():
                    self._look.set()
            except Problem as error:
                if error.status != 401:
                    raise
                await self.api.sign_in(self.user.username, self.user.password)
            await asyncio.sleep(0.3)

    async def _serve(self, tasks: asyncio.TaskGroup) -> None:
        """Look at /me and begin what is not begun; an answer that got lost or a restart leaves nothing behind."""
        while True:
            self._look.clear()
            self._just_ended.clear()
            me = await self._do(self.api.me)
            if me["presence"] != self.presence:  # the hotline sends those on a break who miss offer after offer
                await self._be(self.presence)
            offers = {offer["id"]: offer for offer in me["offers"]}
            # What ended while this answer was on its way may still stand in it.
            here = (inquiry for inquiry in me["inquiries"] if inquiry["id"] not in self._just_ended)
            held = {inquiry["id"]: inquiry for inquiry in here if inquiry["state"] in HELD}
            for offer in (offer for id, offer in offers.items() if id not in self._offers):
                tasks.create_task(self._answer(offer["id"], offer["inquiry"]["id"]))
            for inquiry in (inquiry for id, inquiry in held.items() if id not in self._inquiries):
                tasks.create_task(self._handle(inquiry))
            self._offers, self._inquiries = set(offers), set(held)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_EVERY):
                    await self._look.wait()

    async def _answer(self, offer: int, inquiry: str) -> None:
        """Take it after a moment's thought; now and then refuse, or be away for a moment and let it lapse."""
        mood = self.random.random()
        if mood < self.manner.misses:
            return
        await self._spend(self.manner.answer_seconds * self.random.uniform(0.4, 1.6))
        with suppress(Problem):  # the citizen hung up, or it ran out of time: /me says what is held
            if mood < self.manner.misses + self.manner.refuses:
                await self._do(self.api.refuse, offer, "optaget")
                self.noticed("refused", inquiry, self.user, None)
            else:
                await self._do(self.api.accept, offer)
                self.noticed("accepted", inquiry, self.user, None)
        self._look.set()

    async def _handle(self, inquiry: dict[str, Any]) -> None:
        """Talk, wrap up, close; an inquiry found in mid-work (after a restart) goes on from its state."""
        id = inquiry["id"]
        talk = self.talks.get(id)
        try:
            if inquiry["state"] == "handling":
                if talk and talk.topic != inquiry.get("topic") and await self._put_right(id, talk.topic):
                    return
                await self._greet(inquiry)
                await self._spend(talk.handle_seconds if talk else usual_handle_seconds(inquiry.get("topic")))
                await self._write(inquiry, "answer", Random(id).choice(ANSWERS[_language(inquiry)]))
                await self._do(self.api.wrap_up, id)
            await self._spend(self.manner.wrap_seconds * self.random.uniform(0.3, 1.7))
            outcome = self.random.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
            await self._do(self.api.close, id, outcome, self._note())
            self.talks.pop(id, None)
            self.noticed("closed", id, self.user, outcome)
        except Problem as error:
            if error.status != 409:
                raise
            # It stands elsewhere already: an earlier try got through although its answer was lost. /me will tell.
            await asyncio.sleep(1)
        finally:
            self._inquiries.discard(id)
            self._just_ended.add(id)
            self._look.set()

    async def _greet(self, inquiry: dict[str, Any]) -> None:
        """Who chats hears at once that somebody is there."""
        if inquiry["channel"] == "chat":
            await self._write(inquiry, "greeting", GREETING[_language(inquiry)])

    async def _write(self, inquiry: dict[str, Any], what: str, words: str) -> None:
        """Answer a written inquiry where it stands; after a restart the same once more is the same message."""
        if inquiry["channel"] != "phone" and not inquiry["answered_in"]:
            await self._do(self.api.write, inquiry["id"], words, f"{inquiry['id']}-{what}")

    async def _put_right(self, id: str, topic: str) -> bool:
        """The citizen wants something else than the hotline guessed: correct it, or pass it on where one cannot help.

        True where the inquiry has left this agent.
        """
        if topic not in self.user.topics and self.random.random() < self.manner.transfers:
            await self._spend(usual_handle_seconds("appointment") / 2)
            await self._do(self.api.transfer, id, topic, "Drejer sig om noget andet.")
            self.noticed("transferred", id, self.user, None)
            return True
        if self.random.random() < self.manner.corrects:
            await self._do(self.api.correct, id, topic=topic)
        return False

    async def _take_breaks(self) -> None:
        while True:
            await self._spend(self.random.expovariate(1 / self.manner.until_break_seconds))
            await self._be("break", "pause")
            await self._spend(self.manner.break_seconds * self.random.uniform(0.5, 1.5))
            await self._be("available")

    async def _be(self, presence: Presence, reason: str | None = None) -> None:
        self.presence = presence
        await self._do(self.api.be, presence, reason)

    async def _do(self, verb: Callable[..., Awaitable[Any]], *facts: Any, **more: Any) -> Any:
        """A call of this agent, signed in anew where the session is over."""
        try:
            return await verb(*facts, **more)
        except Problem as error:
            if error.status != 401:
                raise
            await self.api.sign_in(self.user.username, self.user.password)
            return await verb(*facts, **more)

    async def _spend(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.manner.speed)

    def _note(self) -> str:
        return self.random.choice(NOTES)


def _language(inquiry: dict[str, Any]) -> str:
    """The language of ours that an answer is written in."""
    return "da" if inquiry["language"] in (None, "da") else "en"
