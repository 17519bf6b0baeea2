"""The part of a text that is still open: what stands after the last "but", without what is denied or finished."""

import re

_BUT = (
    "men|nu|kun|åbent|næste|tilbage|rest(?:en|punkt)?|sidste ting|det jeg",
    "but|now|however|aber|jetzt|nun|nå|ale|teraz|але|тепер|dar|însă|acum|ama|fakat|şimdi|lakin|laakiin|hadda",
    "لكن|بس|اما|ولی|حالا",
)
_DENIED = (
    r"(?:det|der|dette|handler|drejer sig|er|spørger|ringer|skriver|mener|skal) ik(?:ke)?"
    r" (?:det|den|der|derfor|mit|min|passet|om|noget|længere|have|bruge|en|et|til|rotter\w*|jer)",
    r"nej|hverken|not (?:the|about|my|because|a)|never mind|no problem with|nein|nicht (?:um|die)|ikke det|inte om|nei",
    r"nie (?:chodzi|o)|не про|nu (?:despre|e vorba)|değil|ma aha|ليس\w*|مو|نیست",
)
_FINISHED = (
    r"er (?:nu |alt |alle |blevet |også |allerede )?(?:ordnet|fikset|klaret|løst|på plads|i orden|ok|okay|meldt"
    r"|bestilt|bekræftet|betalt|afsluttet|overstået|færdig\w*|godkendt|rettet|valgt|registreret|gået igennem|styr på"
    r"|hentet|god nok)",
    r"har (?:jeg|vi|han|hun|de) (?:fået|ordnet|klaret|meldt|bestilt|styr)",
    r"(?:virker|fungerer|kører|gik|går) (?:fint|godt)|det virker|tusind tak|er jeg glad|already",
    r"(?:is|are|was|been|all|got) (?:fine|done|sorted|ok|okay|settled|registered|approved|solved|paid)",
    r"erledigt|in ordnung|geklärt|är (?:klar\w*|ordnat)|załatwion\w*|w porządku|вирішен\w*|гаразд|rezolvat\w*|e ok",
    r"tamam|hallet\w*|halloldu|dhammaa\w*|محلول|تمام|انتهى|خلص\w*|حل شد\w*|درست شد\w*",
)
_CLAUSES = re.compile(
    r"(?<=[.!?;:\n)])\s+|[,،]\s+|\s+[-–=]\s+|\s+(?=(?:men|but|aber|nu|nå|ale|але|dar|ama|laakiin|لكن|بس|ولی) )",
    re.IGNORECASE,
)
_AFTER_ALL = re.compile(rf"(?:{'|'.join(_BUT)})\b", re.IGNORECASE)
_CLOSED = re.compile(
    rf"\b(?:{'|'.join(_DENIED + _FINISHED)})\b"
    r"|\b(?:ok|klaret|ordnet|afsluttet|færdig)\W*$|^(?:ikke|ik|not|kein\w*|nicht|nie|ні|не|نه|لا|yok)\s",
    re.IGNORECASE,
)


def open_part(text: str) -> str:
    """The clauses that say what is still wanted; the whole text where none seems to be denied or finished."""
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    last = max((place for place, clause in enumerate(clauses) if _AFTER_ALL.match(clause)), default=0)
    rest = clauses[last:]
    return " ".join([clause for clause in rest if not _CLOSED.search(clause)] or rest)
