"""What the words and signs around digits say that they are."""

import re
from bisect import bisect_right

_CPR = re.compile(
    r"(?<!\[)(?<!</)(?:cpr|c\.p\.r|person(?:en)?[- ]?n(?:umme)?r|pers\.?\s?nr|fødsels(?:nr|nummer)|civil registration"
    r"|personal (?:id|number)|social security|الشخصي|السجل المدني|kişi num|особист\w* номер|персональн\w* номер"
    r"|numer osobisty)",
    re.IGNORECASE,
)
_TO_THE_NUMBER = re.compile(r"(?:(?!\[CPR])[^\d\n%]|%(?:[0-9A-F]{2})?){0,25}", re.IGNORECASE)
# "01.01.19 1430 er min søns cpr", as long as that word names no number after it, too.
_AFTER_THE_NUMBER = re.compile(
    r"[\"'»«”)\]]{0,2}[^\S\r\n](?:er|is|ist|är|det|som|as)\b[^\S\r\n](?:(?!(?:ikke|not|nicht)\b)[^\W\d]+[^\S\r\n]){0,2}"
    rf"{_CPR.pattern}(?:[ -]?n(?:umme)?r)?(?:et)?(?![-\w]|[^\d\n?!]{{0,25}}(?:\d|\[CPR]))",
    re.IGNORECASE,
)
_NUMBER = r"(?:s|en|ens)?[ .\-–]{0,2}(?:nr|no|num|nummer|number|nummeret|id)"
# Such a thing is named by its "nr."; alone, the word stands before a CPR number as well: "sag 010165-...".
_NUMBERED = (
    r"(?:sag|case|journal|akten|kunde|kunden|customer|medlem|member|bookings?|buchung|reservation|billet|referen[cz]e?"
    r"|forsendelse|pakke|paket|parcel|sporing|betaling|payment|vare|artikel|serie|serial|måler|kvittering|receipt"
    r"|ansøgning|application|stel|police|policy|ejendom|dokument|document|bilag|licens|produktionsenhed"
    r"|best[ei]ll?(?:ing)?|regning|rykker|opkrævning|kreditor|debitor|aftale|låne|abonnement|skade|fragtbrev|auftrag"
    r"|handy|matrikel|installation|rekvisition|tilsyn|\b(?:j|fi|ref))"
)
# These are never a person, and say so by themselves.
_NAMED = (
    r"(?:ordren?|\border|faktura(?:en)?|invoice|rechnung|konto(?:en)?|\bkto|account|iban|isbn(?:-10)?|\btlf|telefon|\btel"
    r"|\bmobil|\bphone|\bfax|track ?(?:&|and|og) ?trace|tracking|ticket|transa[kc]tion|girokort"
    r"|stregkoden?|gavekort|aktenzeichen|\bs/n|timestamp|тел(?:ефон\w?)?|هاتف|جوال|numer telefonu"
    r"|n(?:ume)?r zamówienia|номер замовлення|رقم الطلب)"
)
_OTHER = re.compile(
    rf"(?:{_NUMBERED}{_NUMBER}|{_NAMED}(?:{_NUMBER})?|\bp[-. ]n(?:umme)?r)"
    r"[ \t\u00a0.:=#\"'-]{0,4}(?:(?:er|is|ist|lyder|har nummer|har nr\.?)[ :]{1,3})?\Z",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?:reg\.?|konto|kto|iban|account)[^\d\n]{0,20}\d{4}[ .-]{1,3}\Z", re.IGNORECASE)
_VERSION = re.compile(
    r"(?:\bv|\bver|version|build|release|firmware|software|\bios|android|windows)[ .:=-]{0,3}\Z", re.IGNORECASE
)
_DAY = re.compile(
    r"\b(?:d\.|pr\.|den|dato:?|date:?|am|vom|(?:man|tirs|ons|tors|fre|lør|søn)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"\s{0,2}\Z",
    re.IGNORECASE,
)
_BORN = re.compile(r"født|fødsel|born|birth|gebor|geburt|(?<!\[)cpr|personn", re.IGNORECASE)
_GLUED = re.compile(r"([^\W_]+)-?\Z")
_SMALL_WORDS = {"nr", "no", "er", "og", "af", "til", "for", "med", "på", "is", "ist"}
_PLACE = re.compile(
    r"[^\S\r\n](?!(?:Jeg|Du|Han|Hun|Vi|De|Det|Den|Der|Min|Mit|Mine|Vores|Kan|Kunne|Vil|Skal|Har|Er|Og|Men|Hvad|Hvem"
    r"|Hvor|Hvornår|Hvordan|Tak|Mvh|Med|Venlig|Hilsen|Hej|Tlf|Telefon|Mobil|Mail|Adresse|Navn|My|We|Can|Please|Ich)\b)"
    r"[A-ZÆØÅ][a-zæøåé]"
)
_AMOUNT = re.compile(r"[.,]\d\d(?!\s?\d)|[^\S\r\n]?(?:(?:kr|kroner|dkk|eur|euro)\b|€)|,-", re.IGNORECASE)


def cpr_words(text: str) -> list[int]:
    """Where the words for CPR number end, from left to right; the token of a number taken out is none."""
    return [match.end() for match in _CPR.finditer(text)]


def said_to_be_cpr(text: str, words: list[int], start: int) -> bool:
    """Whether one of `words` stands shortly before `start`, on the same line and without digits between."""
    before = bisect_right(words, start)
    return before > 0 and _TO_THE_NUMBER.fullmatch(text, words[before - 1], start) is not None


def said_afterwards_to_be_cpr(text: str, end: int) -> bool:
    """Whether the words right after `end` call it a CPR number: "er min søns cpr"."""
    return _AFTER_THE_NUMBER.match(text, end) is not None


def said_to_be_another(text: str, start: int) -> bool:
    """Whether the words right before `start` name another number: an order's, a case's, an account's, a telephone's."""
    return _OTHER.search(text, max(0, start - 60), start) is not None


def in_an_account(text: str, start: int) -> bool:
    """Whether a bank's registration number, named as such, stands right before `start`."""
    return _ACCOUNT.search(text, max(0, start - 60), start) is not None


def in_an_identifier(text: str, since: int, start: int) -> bool:
    """Whether capitals, or capitals and digits, are glued to `start`, as in INC0101651237; none before `since`."""
    glued = _GLUED.search(text, max(since, start - 24), start)
    if glued is None or glued[1].casefold() in _SMALL_WORDS:
        return False
    escaped = text[max(0, start - 3) : start - 2] == "%"
    return glued[1].isupper() and not escaped


def said_to_be_a_version(text: str, start: int) -> bool:
    """Whether a program's version is named right before `start`."""
    return _VERSION.search(text, max(0, start - 20), start) is not None


def said_to_be_a_day(text: str, start: int) -> bool:
    """Whether a word for a date stands right before `start`: "d.", "den", "fredag"."""
    return _DAY.search(text, max(0, start - 20), start) is not None


def speaks_of_birth(text: str, start: int, end: int) -> bool:
    """Whether somebody's birth or CPR number is spoken of from shortly before `start` up to `end`."""
    return _BORN.search(text, max(0, start - 60), end) is not None


def a_place_follows(text: str, end: int) -> bool:
    """Whether a name follows `end`, as a town does its postcode."""
    return _PLACE.match(text, end) is not None


def an_amount_ends(text: str, end: int) -> bool:
    """Whether øre or kroner follow `end`."""
    return _AMOUNT.match(text, end) is not None
