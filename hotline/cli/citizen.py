"""`hotline citizen`: one citizen's report, export and erasure, and notes for the municipalities' case systems."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from hotline.cli.frame import failure, for_command
from hotline.clock import danish, now
from hotline.privacy import citizens
from hotline.privacy.citizens import Erased, Subject
from hotline.privacy.durable import make_durable
from hotline.privacy.erasures import Erasure, again, write_down, written_down
from hotline.privacy.handover import hand_over
from hotline.privacy.lookups import CITIZEN_ASKED, REPLAYED, looked
from hotline.privacy.models import Look
from hotline.settings import settings
from hotline.web.language import LANGUAGES, translator

citizen = typer.Typer(name="citizen", help="One citizen's rights: report, export, erasure.", no_args_is_help=True)

Phone = Annotated[str | None, typer.Option(help="The phone number; '-' reads it from standard input.")]
Email = Annotated[str | None, typer.Option(help="The mail address; '-' reads it from standard input.")]
Cpr = Annotated[str | None, typer.Option(help="The CPR number; '-' reads it from standard input.")]
Reference = Annotated[str | None, typer.Option(help="The reference of one inquiry, in place of who asked.")]
Why = Annotated[str, typer.Option(help="Why, for the journal of look-ups.")]


@citizen.command()
def report(
    phone: Phone = None,
    email: Email = None,
    cpr: Cpr = None,
    reference: Reference = None,
    why: Why = CITIZEN_ASKED,
    language: Annotated[str, typer.Option(help="da or en.")] = "da",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Write what a citizen may know: which inquiries are theirs, what is kept until when, and who looked when and why.

    It names no employee. Hand it out only to somebody who has shown who they are.
    """
    if language not in LANGUAGES:
        raise failure("citizen report", f"there is no language {language}")
    who = _subject("citizen report", phone=phone, email=email, cpr=cpr, reference=reference)
    with for_command("citizen report") as session:
        _journal(session, who, Look.REPORTED, why)
        told = citizens.report(session, who)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _in_words(told, language))


@citizen.command()
def export(
    phone: Phone = None, email: Email = None, cpr: Cpr = None, reference: Reference = None, why: Why = CITIZEN_ASKED
) -> None:
    """Write all that is kept of a citizen as JSON on standard output, opened; it names no employee."""
    who = _subject("citizen export", phone=phone, email=email, cpr=cpr, reference=reference)
    with for_command("citizen export") as session:
        _journal(session, who, Look.EXPORTED, why)
        told = citizens.export(session, who)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@citizen.command()
def erase(
    phone: Phone = None,
    email: Email = None,
    cpr: Cpr = None,
    reference: Reference = None,
    why: Why = CITIZEN_ASKED,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase who asked and what was written in a citizen's inquiries; figures stay.

    What is still open is erased once it has ended, notes that must be handed over first once `hotline citizen handover`
    has written them out. A line in HOTLINE_ERASURES_FILE lets a restored database be told of it (replay-erasures).
    """
    who = _subject("citizen erase", phone=phone, email=email, cpr=cpr, reference=reference)
    if not yes:
        with for_command("citizen erase") as session:
            _journal(session, who, Look.SEARCHED, why)
            found = len(citizens.inquiries_of(session, who))
        typer.confirm(f"Erase {found} inquiries for good?", abort=True, err=True)
    with for_command("citizen erase") as session:
        _journal(session, who, Look.ERASED, why)
        moment = now()
        done = citizens.erase(session, who, moment)
        try:
            write_down(settings().erasures, Erasure(moment, who.field, who.hash, done.ids))
        except OSError as error:
            raise failure("citizen erase", f"{settings().erasures}: {error.strerror}; nothing is erased") from None
    _tell(done)
    if not (done.erased or done.to_hand_over or done.still_open):
        typer.echo("nothing is kept of this citizen")


@citizen.command("replay-erasures")
def replay_erasures(
    file: Annotated[Path | None, typer.Argument(help="Instead of HOTLINE_ERASURES_FILE.")] = None,
) -> None:
    """After a restore: erase again what citizens had erased since the backup. It may be run as often as you like."""
    at, count = file or settings().erasures, 0
    try:
        erasures = list(written_down(at))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise failure("citizen replay-erasures", f"{at}: {reason}") from None
    for one in erasures:
        with for_command("citizen replay-erasures") as session:
            done = again(session, one, now())
            if done.ids:
                looked(session, Look.ERASED, REPLAYED, *done.ids, subject=one.hash)
        _tell(done)
        count += len(done.ids)
    typer.echo(f"{len(erasures)} erasures in {at}, {count} inquiries erased again")


@citizen.command()
def handover(
    out: Annotated[Path, typer.Option(help="The file to write, a note or message a line as JSON; not there yet.")],
    days: Annotated[int, typer.Option(min=0, help="Those whose texts expire within so many days.")] = 14,
) -> None:
    """Write out notes and messages before they expire, with KLE number and reference, for the case system.

    What has been written out is marked, and written out once. The file holds what agents and citizens wrote: guard it.
    """
    with for_command("citizen handover") as session:
        notes = hand_over(session, now(), days)
        try:
            _write(out, notes)
        except OSError as error:
            raise failure("citizen handover", f"{out}: {error.strerror}") from None
    typer.echo(f"{len(notes)} notes and messages in {out}")


@citizen.callback()
def _group() -> None:
    """One citizen's rights: report, export, erasure; and notes to be kept elsewhere."""


def _tell(done: Erased) -> None:
    for said, references in (
        ("erased", done.erased),
        ("identity erased, texts follow `hotline citizen handover`", done.to_hand_over),
        ("still open, to be erased once it has ended", done.still_open),
    ):
        for reference in references:
            typer.echo(f"{reference}: {said}")


def _subject(command: str, **asked: str | None) -> Subject:
    said = {name: value for name, value in asked.items() if value is not None}
    if len(said) != 1:
        raise failure(command, "say one of --phone, --email, --cpr and --reference", code=2)
    [(field, value)] = said.items()
    try:
        return citizens.subject(field, sys.stdin.readline().strip() if value == "-" else value)
    except (ValueError, OSError) as error:
        raise failure(command, str(error), code=2) from None


def _journal(session: Session, who: Subject, what: Look, why: str) -> None:
    looked(session, what, why, *citizens.inquiries_of(session, who), subject=who.hash)


def _in_words(told: dict[str, Any], language: str) -> str:
    """The report for people; its days and times are those of a Danish wall clock."""
    t = translator(language)
    lines = [t("report.heading", at=f"{danish(now()):%d.%m.%Y %H:%M}"), ""]
    for one in told["inquiries"]:
        kept = [t(f"report.kept_{name}") for name in one["kept"]]
        kept += [t("report.kept_text")] if one["text"] else []
        kept += [t("report.kept_numbers", count=one["cpr_numbers_found"])] * bool(one["cpr_numbers_found"])
        kept += [t("report.kept_notes", count=one["notes"])] * bool(one["notes"])
        kept += [t("report.kept_messages", count=one["messages"])] * bool(one["messages"])
        head = (
            one["reference"],
            one["municipality_name"],
            t("channel." + one["channel"]),
            _wall(one["received_at"])[:10],
        )
        lines += [" · ".join(head), "  " + t("report.kept", what=", ".join(kept) or t("report.nothing"))]
        if one["identity_until"]:
            lines.append("  " + t("report.until", identity=one["identity_until"], text=one["text_until"]))
    if not told["inquiries"]:
        lines.append(t("report.no_inquiries"))
    lines += ["", t("report.looks")]
    lines += [
        f"  {_wall(look['at'])} · {look['reference'] or '–'} · {t('look.' + look['what'])}"
        + (f" · {look['why']}" if look["why"] else "")
        for look in told["looks"]
    ]
    return "\n".join(lines)


def _wall(moment: str) -> str:
    return f"{danish(datetime.fromisoformat(moment)):%Y-%m-%d %H:%M}"


def _write(out: Path, notes: list[dict[str, Any]]) -> None:
    """Durable before the marks are committed; a run that dies in between writes the notes out a second time."""
    with os.fdopen(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(note, ensure_ascii=False) + "\n" for note in notes)
        file.flush()
        os.fsync(file.fileno())
    make_durable(out)
