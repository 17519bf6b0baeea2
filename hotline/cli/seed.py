"""`hotline seed`: fill the database."""

from pathlib import Path
from random import Random
from typing import Annotated

import typer

from hotline.citizens import own_key
from hotline.cli.frame import failure, for_accounts
from hotline.clock import now
from hotline.directory.shipped import seed_facts
from hotline.sample import sign_ins_file
from hotline.sample.seed import is_seeded
from hotline.sample.seed import seed as seed_sample
from hotline.settings import settings

# Decides who the sample's people are: the same in every demo, so that a guide can speak of them.
PEOPLE = 2018


def seed(
    sign_ins: Annotated[
        Path | None,
        typer.Option(help="Where the sample's sign-ins are kept; HOTLINE_DATA_DIR/sign-ins.json where not given."),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Add the sample region outside demo mode too.")] = False,
) -> None:
    """Fill the database: municipalities and topics; in demo mode, or with --sample, a region with people as well.

    What is there already stays as it is. Sample sign-ins that the file does not hold any more are replaced.
    """
    try:
        if sample or settings().demo:
            typer.echo(_seed_sample(sign_ins or settings().data_dir / "sign-ins.json"))
        else:
            with for_accounts("seed") as session:
                seed_facts(session)
            typer.echo(
                "Municipalities and topics are in place. No sample people: this is no demo (--sample adds them)."
            )
    except OSError as error:
        raise failure("seed", f"{error.filename} cannot be used: {error.strerror}") from None


def _seed_sample(path: Path) -> str:
    """Seed, write the sign-ins to `path`, and say in a sentence what happened.

    Written before the commit: where the file cannot be, nothing is changed; and where a run dies in between, the file
    does not fit and the next run replaces it.
    """
    known = sign_ins_file.read(path)
    with for_accounts("seed") as session:
        was_seeded = is_seeded(session)
        made = seed_sample(session, Random(PEOPLE), now(), known)
        sign_ins_file.write(path, made)
        if citizens := settings().citizens_key_file:
            own_key.make(session, citizens, now())
    agents = sum(user.role == "agent" for user in made.users)
    if not was_seeded:
        return f"The sample region is in place: {agents} agents, {len(made.users)} people in all. Sign-ins: {path}"
    if known is not None and known.integrator_key == made.integrator_key:
        return f"The sample region was in place already. Sign-ins: {path}"
    return f"The sample region was in place, its sign-ins were not at hand: new ones replace them. Sign-ins: {path}"
