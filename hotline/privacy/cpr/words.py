"""The words in which people say digits, days and months."""

_BELOW_TWENTY = (
    "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
)
_TENS = (
    "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems",
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
)
_LONG_TENS = {"fyrretyve": "40", "halvtredsindstyve": "50", "tresindstyve": "60", "halvfjerdsindstyve": "70",
              "firsindstyve": "80", "halvfemsindstyve": "90", "halvtres": "50", "halvfjers": "70"}  # fmt: skip
_AND = ("og", "", "und")
_TO_NINE = (  # who speaks these says a number digit by digit
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "нуль один два три чотири п'ять шість сім вісім дев'ять",
    "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة",
    "صفر واحد اثنين ثلاثه اربعة خمسه سته سبعه ثمانيه تسعه",
    "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
    "zero unu doi trei patru cinci șase șapte opt nouă",
    "noll ett två tre fyra fem sex sju åtta nio",
    "null en to tre fire fem seks sju åtte ni",
)
_ALSO = {"et": "1", "én": "1", "ét": "1", "eins": "1", "zwo": "2", "oh": "0", "o": "0", "nought": "0", "nil": "0"}
_ORDINALS = (
    "første anden tredje fjerde femte sjette syvende ottende niende tiende ellevte tolvte trettende fjortende femtende "
    "sekstende syttende attende nittende",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth",
    "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte dreizehnte vierzehnte "
    "fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte",
)
_TENTHS = (("tyvende", "tredivte"), ("twentieth", "thirtieth"), ("zwanzigste", "dreißigste"))
_MONTHS = (("jan", "januar", "january"), ("feb", "februar", "february"), ("mar", "mär", "marts", "march", "märz"),
           ("apr", "april"), ("maj", "mai", "may"), ("jun", "juni", "june"), ("jul", "juli", "july"),
           ("aug", "august"), ("sep", "sept", "september"), ("okt", "oct", "oktober", "october"),
           ("nov", "november"), ("dec", "dez", "december", "dezember"))  # fmt: skip


def _cardinals() -> dict[str, str]:
    digits = _ALSO | {word: str(value) for units in _TO_NINE for value, word in enumerate(units.split())}
    for below, tens, joint in zip(_BELOW_TWENTY, _TENS, _AND, strict=True):
        units = below.split()
        digits |= {word: str(value) for value, word in enumerate(units)}
        every = [(str(ten), word) for ten, word in enumerate(tens.split(), start=2)]
        if joint == "og":
            every += [(value[0], word) for word, value in _LONG_TENS.items()]
        for ten, word in every:
            digits[word] = f"{ten}0"
            if joint:
                digits |= {f"{unit}{joint}{word}": f"{ten}{one}" for one, unit in enumerate(units[:10]) if one}
    return {word.casefold(): value for word, value in digits.items()}


def _ordinals() -> dict[str, str]:
    """The days of a month as they are counted."""
    days = {"andet": 2, "elvte": 11}
    for ordinals, below, (twentieth, thirtieth), joint in zip(_ORDINALS, _BELOW_TWENTY, _TENTHS, _AND, strict=True):
        days |= {word: day for day, word in enumerate(ordinals.split(), start=1)} | {twentieth: 20, thirtieth: 30}
        if joint:
            units = list(enumerate(below.split()[:10]))[1:]
            days |= {f"{unit}{joint}{twentieth}": 20 + one for one, unit in units}
            days |= {f"{units[0][1]}{joint}{thirtieth}": 31}
    german = {f"{word}{end}": day for word, day in days.items() if word.endswith("te") for end in "nr"}
    return {word.casefold(): f"{day:02}" for word, day in (days | german).items()}


CARDINALS = _cardinals()
ORDINALS = _ordinals()
MONTHS = {name: f"{month:02}" for month, names in enumerate(_MONTHS, start=1) for name in names}
ENGLISH_TENS = frozenset(_TENS[1].split())
HUNDREDS = {"hundrede": 100, "hundred": 100, "hundert": 100, "tusind": 1000, "tusinde": 1000, "thousand": 1000,
            "tausend": 1000}  # fmt: skip
# Digits that are also a word of their own: "det er en to fire nul ...", "numer CPR to ..."
ARTICLES = frozenset({"en", "et", "one", "ein", "o", "to"})
BETWEEN = frozenset(
    [
        "og",
        "and",
        "und",
        "streg",
        "bindestreg",
        "tankestreg",
        "dash",
        "hyphen",
        "minus",
        "strich",
        "bindestrich",
        "øh",
        "æh",
        "øhm",
        "hmm",
        "så",
        "derefter",
        "i",
        "of",
    ]
)
