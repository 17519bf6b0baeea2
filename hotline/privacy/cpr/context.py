"""What the words and signs around digits say that they are."""

import re
from bisect import bisect_right
from functools import cached_property

from hotline.privacy.cpr.tokens import Said, counts, runs_of

_CPR = re.compile(
    r"(?<!\[)(?<!</)(?:cpr|\bc[. ]{1,2}p[. ]{1,2}r\b|person(?:en)?[- ]?n(?:umme)?r|pers\.?\s?nr"
    r"|fødsels?(?:[- ]?nr|[- ]?nummer)|civil registration|personal (?:id|number)|social security|الشخصي|السجل المدني"
    r"|kişi num|особист\w{0,9} номер|персональн\w{0,9} номер|numer osobisty)",
    re.IGNORECASE,
)
_CPR_STEMS = ("cpr", "c.p", "c p", "c. p", "pers", "fødsels", "civil", "social", "الش", "المدني", "kişi", "номер",
              "numer")  # fmt: skip
_TO_THE_NUMBER = re.compile(r"(?:(?!\[CPR])[^\d\n]){0,30}\n?[^\S\n]{0,4}", re.IGNORECASE)
# "01.01.19 1430 er min søns cpr", as long as that word names no number after it, too.
_AFTER_THE_NUMBER = re.compile(
    r"[\"'»«”)\]]{0,2}[^\S\r\n](?:er|is|ist|är|det|som|as)\b[^\S\r\n](?:(?!(?:ikke|not|nicht)\b)[^\W\d]{1,20}[^\S\r\n]){0,2}"
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
    r"|handy|matrikel|installation|rekvisition|tilsyn|leverings?|afsendelse|projekt|opgave|henvendelse|batch|model"
    r"|kupon|rapport|bøde|\b(?:j|fi|ref))"
)
# These are never a person, and say so by themselves.
_NAMED = (
    r"(?:ordren?|\border|faktura(?:en)?|invoice|rechnung|konto(?:en)?|\bkto|account|iban|isbn(?:-10)?|\btlf|telefon|\btel"
    r"|\bmobil|\bphone|\bfax|track ?(?:&|and|og) ?trace|tracking|ticket|transa[kc]tion|girokort"
    r"|stregkoden?|gavekort|værdikode|voucher|\bbbr|\bcvr|\bean|\bgln|\bimei|referen[cz]e?:|booking:|pakke:"
    r"|forsendelse:|aktenzeichen|\bs/n|timestamp|тел(?:ефон\w?)?|هاتف|جوال|numer telefonu"
    r"|n(?:ume)?r zamówienia|номер замовлення|رقم الطلب)"
)
_OTHER = re.compile(
    rf"(?i)(?:{_NUMBERED}(?:{_NUMBER}|(?:en|et)? har n(?:umme)?r\.?)|{_NAMED}(?:{_NUMBER})?|\bp[-. ]n(?:umme)?r)"
    r"[ \t\u00a0.:=#\"'-]{0,4}(?:(?:er|is|ist|lyder|har nummer|har nr\.?)[ :]{1,3})?\Z"
)
_VERSION = re.compile(
    r"(?i)(?:\bv|\bver|version|build|release|\bapp|firmware|software|\bios|android|windows)[ .:=-]{0,3}\Z"
)
_DAY = re.compile(
    r"(?i)\b(?:d\.|pr\.|den|dato:?|date:?|am|vom|(?:man|tirs|ons|tors|fre|lør|søn)dag"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s{0,2}\Z"
)
_BORN_ON = re.compile(
    r"(?i)(?:født|fødselsda[gt]\w{0,6}|fødsels-?dato|born|birth(?:day|date)?|gebor\w{0,3}|geburtsdatum)"
    r"[^\d\[\n]{0,15}\Z"
)
_ACCOUNT = re.compile(r"(?i)(?:reg\.?|konto|kto|iban|account)[^\d\n]{0,20}\d{4}[ .-]{1,3}\Z")
_BORN = re.compile(r"(?i)født|fødsel|born|birth|gebor|geburt|(?<!\[)cpr|personn")
_MOVE = re.compile(r"(?i)flyt|\bbo(?:r|ede|pæl)|adresse|\bfra\b|\btil\b|ankom|ankommer")
_GLUED = re.compile(r"([^\W_]+)-?\Z")
_SMALL_WORDS = {"nr", "no", "er", "og", "af", "til", "for", "med", "på", "is", "ist"}
_PLACE = re.compile(
    r"[^\S\r\n](?!(?:Jeg|Du|Han|Hun|Vi|De|Det|Den|Der|Min|Mit|Mine|Vores|Kan|Kunne|Vil|Skal|Har|Er|Og|Men|Hvad|Hvem"
    r"|Hvor|Hvornår|Hvordan|Tak|Mvh|Med|Venlig|Hilsen|Hej|Tlf|Telefon|Mobil|Mail|Adresse|Navn|My|We|Can|Please|Ich)\b)"
    r"[A-ZÆØÅ][a-zæøåé]"
)
_AMOUNT = re.compile(
    r"(?i)[.,]\d\d(?!\s?\d)|[^\S\r\n]?(?:(?:kr|kroner|dkk|eur|euro|kwh|mwh|m3|m2|km|kg|stk|liter|personer|mennesker)\b|€|m³)|,-"
)


# Years in which 12.03.24 1430 is an appointment: as a number, with four digits that are a time, it is somebody past 90.
_NEAR_YEARS = ("15", "35")


# "10 1 65 1237 (cpr)"; without brackets the word ends a line or a sentence: "24 6 69 2315 cpr".
_BESIDE_THE_NUMBER = re.compile(
    rf"[^\S\r\n]{{0,2}}(?:[(\[]{_CPR.pattern}(?:[ -]?n(?:umme)?r)?\.?[)\]]"
    rf"|(?P<bare>,?[^\S\r\n](?:(?:det\s)?er\s(?:mit|hans|hendes)\s)?{_CPR.pattern}(?:[ -]?n(?:umme)?r)?(?:et)?"
    r"(?=[^\S\r\n]{0,4}(?:\r?\n|\Z|[.!?;,](?!\d)))))",
    re.IGNORECASE,
)


class Reading:
    """A folded text, and what its words say of its digits; each look goes a bounded way from where it is asked."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lower(self) -> str:
        """The text in small letters, its places not always those of `text`."""
        return self.text.casefold()

    @cached_property
    def counts(self) -> bool:
        """Whether words for digits stand as close together as those of a number said in words do."""
        return counts(self.lower)

    @cached_property
    def runs(self) -> list[list[Said]]:
        """Digits and the words for them, in runs that belong together."""
        return list(runs_of(self.text))

    @cached_property
    def said(self) -> list[Said]:
        """The same from left to right."""
        return [said for run in self.runs for said in run]

    @cached_property
    def said_starts(self) -> list[int]:
        """Where each of them begins."""
        return [said.start for said in self.said]

    @cached_property
    def words(self) -> list[int]:
        """Where the words for CPR number end, from left to right; the token of a number taken out is none."""
        if not any(map(self.lower.__contains__, _CPR_STEMS)):
            return []
        return [match.end() for match in _CPR.finditer(self.text)]

    def says_cpr(self, start: int) -> bool:
        """Whether a word for CPR number stands shortly before `start`, without digits between."""
        before = bisect_right(self.words, start)
        return before > 0 and _TO_THE_NUMBER.fullmatch(self.text, self.words[before - 1], start) is not None

    def says_cpr_after(self, end: int, year: str) -> bool:
        """Whether the words right after `end` call it a CPR number: "er min søns cpr", "(cpr)".

        The word alone does not where the day's year is one of appointments.
        """
        beside = _BESIDE_THE_NUMBER.match(self.text, end)
        if beside and (beside["bare"] is None or not is_near(year)):
            return True
        return _AFTER_THE_NUMBER.match(self.text, end) is not None

    def word_after(self, start: int) -> int | None:
        """Where the next word for CPR number ends."""
        after = bisect_right(self.words, start)
        return self.words[after] if after < len(self.words) else None

    def names_another(self, start: int) -> bool:
        """Whether the words right before name another number: an order's, a case's, an account's, a telephone's."""
        return _OTHER.search(self.text, max(0, start - 60), start) is not None

    def in_an_account(self, start: int) -> bool:
        """Whether a bank's registration number, named as such, stands right before `start`."""
        return _ACCOUNT.search(self.text, max(0, start - 60), start) is not None

    def in_an_identifier(self, since: int, start: int) -> bool:
        """Whether capitals, or capitals and digits, are glued to `start`, as in INC0101651237; none before `since`."""
        glued = _GLUED.search(self.text, max(since, start - 24), start)
        return glued is not None and glued[1].casefold() not in _SMALL_WORDS and glued[1].isupper()

    def says_version(self, start: int) -> bool:
        """Whether a program's version is named right before `start`."""
        return _VERSION.search(self.text, max(0, start - 20), start) is not None

    def says_day(self, start: int) -> bool:
        """Whether a word for a date stands right before `start`: "d.", "den", "fredag"."""
        return _DAY.search(self.text, max(0, start - 20), start) is not None

    def says_move(self, start: int) -> bool:
        """Whether somebody moves or lives somewhere, shortly before `start`."""
        return _MOVE.search(self.text, max(0, start - 40), start) is not None

    def is_born(self, start: int) -> bool:
        """Whether the words right before `start` say that a day of birth follows."""
        return _BORN_ON.search(self.text, max(0, start - 40), start) is not None

    def speaks_of_birth(self, start: int, end: int) -> bool:
        """Whether somebody's birth or CPR number is spoken of from shortly before `start` up to `end`."""
        return _BORN.search(self.text, max(0, start - 60), end) is not None

    def a_place_follows(self, end: int) -> bool:
        """Whether a name follows `end`, as a town does its postcode."""
        return _PLACE.match(self.text, end) is not None

    def an_amount_ends(self, end: int) -> bool:
        """Whether øre, kroner or what else is counted follow `end`."""
        return _AMOUNT.match(self.text, end) is not None


def is_near(year: str) -> bool:
    """Whether this year, of two or four digits, is one of appointments."""
    return _NEAR_YEARS[0] <= year <= _NEAR_YEARS[1] if len(year) == 2 else year[:2] == "20"


def is_clock(four: str) -> bool:
    """Whether four digits are a time of day."""
    return int(four[:2]) < 24 and int(four[2:]) < 60
