"""Who sees which row: what other systems told, and what they are told."""

from hotline.rows import ACCOUNTS, ADD, ALL, SECRETARIAT, SEE, WORK, Line

LINES = (
    *(Line(table, (WORK,), ALL) for table in ("cti_call", "called_number", "answering_number")),
    Line("called_number", (ACCOUNTS,), (ADD,)),  # with the sample's municipalities
    *(Line(table, (SECRETARIAT,), (SEE,)) for table in ("cti_call", "called_number", "answering_number")),
)
