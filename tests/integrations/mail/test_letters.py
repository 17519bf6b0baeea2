"""Awkward mails, each a file in letters/, and what each must become."""

from email import policy
from email.message import EmailMessage
from pathlib import Path
from time import process_time

import pytest

from hotline.integrations.mail.kinds import Kind
from hotline.integrations.mail.read import read
from hotline.integrations.mail.thread import Head, go_on
from hotline.privacy.cpr import TOKEN, redact

LETTERS = Path(__file__).parent / "letters"
OWN = frozenset({"borger@kommune.example"})
OURS = "hotline.41.0123456789abcdef0123@borger.example"
ANSWER = {"answers": (OURS, "a1@mail.example"), "kind": "letter"}

# What stands here is said of each; the rest is as of `plain`, or does not matter.
BECOMES = {
    "plain": {
        "message_id": "a1@mail.example",
        "answers": (),
        "reference": None,
        "name": "Anna Holm",
        "address": "anna.holm@mail.example",
        "to": ("borger@kommune.example",),
        "subject": "Mit pas",
        "text": "Hej\n\nMit pas udløber på fredag. Kan jeg få et nyt?\n\nHilsen Anna",
        "history": "",
        "attached": (),
        "kind": "letter",
    },
    "latin-1": {"subject": "Kørekort", "text": "Mit kørekort er væk. “Hvad gør jeg?”"},
    "no-charset": {"text": "Jeg har mistet mit kørekort på vej til Århus. Hvad gør jeg så?"},
    "utf-8-that-says-latin-1": {"text": "Mit kørekort er væk på Ærø."},
    "latin-1-that-says-utf-8": {"text": "Mit kørekort er væk på Ærø."},
    "unknown-charset": {"text": "Der løber rotter på vores loft, og børnene tør ikke sove på værelset."},
    "polish": {"name": "Małgorzata Wójcik", "text": "Dzień dobry, zgubiłam prawo jazdy. Gdzie mogę dostać nowe?"},
    "encoded-words": {"subject": "Flytning til København på fredag", "name": "Søren Østergaard"},
    "broken-encoded-words": {
        "subject": "Kørekort og pasmå jeg =?iso-8859-1?Q?l=E5ne_det=",
        "address": "jorgen@mail.example",
        "name": "Jørgen =?utf-8?X?aGVq?=",
    },
    "bytes-in-the-head": {"subject": "Spørgsmål om børnehave", "name": "Søren Ågård", "address": "soren@mail.example"},
    "comma-in-the-name": {"name": "Holm, Anna Sofie", "address": "anna.holm@mail.example"},
    "html": {"text": "Hej Borgerservice\n\nMit MitID er spærret.\nHvad gør jeg?\n\nTelefon 20 12 34 56"},
    "empty-plain": {"text": "Kan jeg bytte min tid i morgen?\nMvh Bo"},
    "outlook-reply": ANSWER | {"text": "Tak, så kommer jeg kl. 10.\n\nAnna", "reference": "H-7K3M-9Q2X"},
    "gmail-reply": ANSWER | {"text": "Det lyder fint."},
    "answers-between-the-lines": ANSWER
    | {
        "text": "On Mon, 23 Nov 2026 at 10:40, Borgerservice <borger@kommune.example> wrote:\n"
        "> Hvornår kan du komme?\nTorsdag kl. 9.\n> Har du et foto med?\nNej.",
        "history": "",
    },
    "quoted-without-a-head": ANSWER
    | {"text": "Ja tak.", "history": "> Skal vi ringe til dig?\n> Hilsen Borgerservice"},
    "forwarded": {
        "text": "Hvad betyder det her?\n\nFra: Pladsanvisningen <plads@kommune.example>\n"
        "Sendt: 20. november 2026 08:00\nTil: Anna Holm\nEmne: Din plads\n\nDu er nummer 4 på listen.",
        "history": "",
    },
    "reference-in-the-subject": {"reference": "H-7K3M-9Q2X", "answers": ()},
    "bounce": {"kind": "bounce", "failed": "5.1.1", "answers": (OURS,)},
    "delayed": {"kind": "bounce", "failed": None, "answers": (OURS,)},
    "bounce-of-old": {"kind": "bounce", "failed": "5.0.0", "answers": (OURS,)},
    "out-of-office": {"kind": "out_of_office"},
    "out-of-office-by-its-subject": {"kind": "out_of_office"},
    "receipt": {"kind": "out_of_office"},
    "form": {
        "kind": "letter",
        "name": "Bent Krog",
        "address": "bent.krog@mail.example",
        "text": "Navn: Bent Krog\nBesked: Der er rotter i kælderen.",
    },
    "own-answer": {"kind": "own_answer"},
    "newsletter": {"kind": "list"},
    "winmail": {"text": "Se bilaget.", "files": [("winmail.dat", "")]},
    "number-in-the-name-of-a-file": {
        "text": "Hermed.",
        "files": [("lægeattest 130965-4003.pdf", "pdf"), ("ansøgning.pdf", "exe")],
        "redacted": f"CPR {TOKEN}, mit pas\nHermed.\nlægeattest {TOKEN}.pdf\nansøgning.pdf",
    },
    "many-files": {"files": [(f"{n}.png", "png") for n in range(1, 21)], "more_attached": 5},
    "number-broken-over-lines": {
        "text": "Mit nummer er 130965-4003, min mands 130965-4011. Vi flytter på fredag.",
        "redacted": f"Flytning\nMit nummer er {TOKEN}, min mands {TOKEN}. Vi flytter på fredag.",
    },
    "flowed": {
        "text": "Jeg skal have fornyet mit kørekort, cpr 130965-4003.\n\n--\nBo",
        "redacted": f"Kørekort\nJeg skal have fornyet mit kørekort, cpr {TOKEN}.\n\n--\nBo",
    },
    "nothing": {
        "message_id": "891663c750996c3b98cd59f98758e86118018add4dd8cd0cba648075b8463cb8@none",
        "subject": "",
        "text": "",
        "name": "",
        "address": "anna.holm@mail.example",
    },
    "signs-that-nobody-stores": {
        "subject": "Hej med jer",
        "text": "Tekst med nul.",
        "files": [("regningfdp.exe", "exe")],
    },
    "mail-in-a-mail": {"text": "Er den ægte?", "files": [("Du har en bøde", "eml")]},
    "cut-off": {"text": "Teksten er hel.", "files": [("lang.pdf", "pdf")]},
    "text-around-a-picture": {"text": "Her er hullet:\n\nDet er ved skuret.", "files": [("hul.png", "png")]},
    "logo-in-the-signature": {"text": "Har I åbent lørdag?", "files": []},
    "deep": {"text": "Dybt nede."},
}


@pytest.mark.parametrize("name", sorted(path.stem for path in LETTERS.glob("*.eml")))
def test_each_mail_is_read_as_it_was_meant(name):
    raw = (LETTERS / f"{name}.eml").read_bytes()
    mail = read(raw, OWN)
    files = [(one.name, one.kind) for one in mail.attached]
    said = vars(mail) | {"files": files, "redacted": None}
    if "redacted" in BECOMES[name]:
        stored = "\n".join([mail.subject, mail.text, *(one.name for one in mail.attached)])
        said["redacted"] = redact(stored)[0]
    assert {part: said[part] for part in BECOMES[name]} == BECOMES[name]
    assert read(raw, OWN) == mail and "\0" not in mail.subject + mail.text
    assert all(read(raw[:cut], OWN) for cut in range(0, len(raw), len(raw) // 20 + 1)), "whatever is missing of it"


def test_every_kind_of_mail_is_among_them():
    assert {one.get("kind", "letter") for one in BECOMES.values()} == set(Kind)


FLOWED = b"Content-Type: text/plain; format=flowed\n\n"
NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(60))
LONG = {
    "an address that goes on and on": b"Cc: " + b"a" * 100_000 + b"\n\nHej",
    "a sender of nothing but at signs": b"From: <" + b"@" * 100_000 + b"\n\nHej",
    "angles that nobody closes": b"\n" + (b"a" + b"<@" * 100 + b">" * 199 + b" x\n") * 400,
    "rules between quoted lines": b"\nHej\n" + (b"_" * 20 + b"\n") * 20_000 + b"> Hej\nHej",
    "one line in many pieces": FLOWED + b"a \n" * 600_000,
    "a mail in a mail in a mail": NESTED + b"\n" * 3_000_000,
}


@pytest.mark.parametrize("raw", LONG.values(), ids=LONG)
def test_a_mail_that_was_made_to_be_read_for_hours_is_read_in_a_moment(raw):
    begun = process_time()
    read(raw)
    assert process_time() - begun < 5


def test_no_word_in_the_head_of_a_mail_becomes_a_line_of_our_answers():
    word = "=?utf-8?q?Hej=0D=0ABcc:x@evil.example=0D=0A=0D=0AHej?="
    answer = EmailMessage(policy=policy.SMTP)
    go_on(answer, Head(word, (word,), word), "H-7K3M-9Q2X")
    lines = answer.as_bytes().splitlines()
    assert all(line.startswith((b"Subject:", b"In-Reply-To:", b"References:", b" ")) or not line for line in lines)
    assert lines.count(b"") == 1
