"""Dresses a citizen's matter: greetings, names, small talk, haste, spelling, keyboards without æøå."""

import re
from random import Random
from typing import Any

LATIN = frozenset({"da", "en", "de", "pl", "tr", "ro", "sv"})


class Voice:
    """Draws names and phrases of config/demo/variations.toml with one source of chance."""

    def __init__(self, variations: dict[str, Any], random: Random) -> None:
        """`variations` is the parsed file: phrases by kind and language, and the names."""
        self.variations = variations
        self.random = random

    def name(self) -> str:
        """A Danish-sounding name of nobody in particular."""
        names = self.variations["names"]
        parts = (self.random.choice(names[part]) for part in ("first", "middle", "last"))
        return " ".join(part for part in parts if part)

    def says(self, kind: str, language: str, name: str, cpr: str | None = None) -> str:
        """A phrase of this kind with the name and the number in place; "" where the language has none."""
        phrases = self.variations[kind].get(language, [])
        usable = [phrase for phrase in phrases if cpr or "{cpr}" not in phrase]
        return self.random.choice(usable).format(name=name, cpr=cpr) if usable else ""

    def perhaps(self, chance: float) -> bool:
        """True in this share of the cases."""
        return self.random.random() < chance


def worded(voice: Voice, text: str, language: str, said: str, channel: str, name: str, cpr: str | None) -> str:
    """The matter as it arrives: `said` is `note`, `spoken` or `written`; the meaning stays what it was."""
    if said == "note":
        return _noted(voice, text, language, name, cpr)
    if said == "spoken":
        return _spoken(voice, text, language, name, cpr)
    return _written(voice, text, language, channel, name, cpr)


def _noted(voice: Voice, text: str, language: str, name: str, cpr: str | None) -> str:
    """An operator's note: the matter, then what else was heard."""
    first_name = name.split()[0]
    extra = voice.says("notes", language, first_name if voice.perhaps(0.5) else name, cpr)
    second = voice.says("notes", language, name) if voice.perhaps(0.5) else ""
    note = _joined(text if text.endswith((".", "?", "!")) else f"{text}.", extra, second if second != extra else "")
    if voice.perhaps(0.25):
        note = note.replace(". ", ", ").rstrip(".")
    return _misspelt(voice, note) if voice.perhaps(0.2) else note


def _spoken(voice: Voice, text: str, language: str, name: str, cpr: str | None) -> str:
    """What a speech recogniser makes of a call: no capitals, no stops, fillers in between."""
    words = text.split()
    if language == "da":
        for _ in range(voice.random.choice((0, 0, 1, 1, 2))):
            words.insert(voice.random.randrange(1, len(words)), voice.random.choice(("øh", "altså", "ikke også", "jo")))
    opening = voice.says("openings", language, name) if voice.perhaps(0.75) else ""
    number = voice.says("numbers", language, name, cpr) if cpr else ""
    ending = voice.says("endings", language, name) if voice.perhaps(0.5) else ""
    return re.sub(r"[.,;:()?!]", "", _joined(opening, " ".join(words), number, ending).lower())


def _written(voice: Voice, text: str, language: str, channel: str, name: str, cpr: str | None) -> str:
    """A mail, form, chat or text message; the shorter the medium, the less around the matter."""
    formal = 0.9 if channel == "email" else 0.6 if channel == "web" else 0.35
    greeting = voice.says("greetings", language, name) if voice.perhaps(formal) else ""
    aside = voice.says("asides", language, name) if voice.perhaps(0.45) else ""
    number = voice.says("numbers", language, name, cpr) if cpr else ""
    closing = voice.says("closings", language, name) if voice.perhaps(formal) else ""
    matter = (aside, text, number) if voice.perhaps(0.3) else (text, number, aside)
    whole = _joined(greeting, *matter, closing)
    return _typed(voice, whole, hasty=1.5 - formal) if language in LATIN else whole


def _typed(voice: Voice, text: str, hasty: float) -> str:
    """The same words from a hurried hand, an old keyboard or someone who finds spelling hard."""
    if voice.perhaps(0.25 * hasty):
        text = _misspelt(voice, text)
    if voice.perhaps(0.15 * hasty):
        text = text.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    if voice.perhaps(0.2 * hasty):
        text = text.lower()
    if voice.perhaps(0.15 * hasty):
        text = re.sub(r"[.,;:]", "", text)
    if voice.perhaps(0.02):
        text = text.upper()
    if voice.perhaps(0.06):
        text = text.rstrip(".?! ") + voice.random.choice(("??", "!!", "...", " ?", " :)"))
    return text


def _misspelt(voice: Voice, text: str) -> str:
    """One or two longer words lose a doubled letter, swap two letters or drop one."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    for place in voice.random.sample(long, min(len(long), voice.random.choice((1, 1, 2)))):
        word = words[place]
        at = voice.random.randrange(1, len(word) - 2)
        undoubled = re.sub(r"([a-z])\1", r"\1", word, count=1)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[place] = undoubled if undoubled != word else voice.random.choice((swapped, word[:at] + word[at + 1 :]))
    return " ".join(words)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
