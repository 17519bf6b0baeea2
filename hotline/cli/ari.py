"""`hotline ari`: the connector that leads the calls of an Asterisk."""

import re
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hotline.cli.first import call_it, check_database, check_keys, check_policy, check_safe
from hotline.cli.frame import failure
from hotline.settings import is_guarded, settings

APP = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def ari(
    url: Annotated[str, typer.Option(help="Where Asterisk's HTTP server is, like http://127.0.0.1:8088.")],
    user: Annotated[str, typer.Option(help="Who we are in its ari.conf.")],
    password_file: Annotated[Path, typer.Option(help="A file that holds the password and nothing else.")],
    app: Annotated[str, typer.Option(help="What its dialplan calls us in Stasis().")] = "hotline",
    rules_file: Annotated[
        Path | None, typer.Option("--rules", help="A file in the manner of config/telephony.toml, instead of it.")
    ] = None,
) -> None:
    """Lead the calls of an Asterisk. Start two, and one takes over when the other dies."""
    from importlib import import_module

    from hotline.garbage import leave_what_is_there
    from hotline.integrations.ari.asterisk import Asterisk
    from hotline.integrations.ari.rules import SHIPPED, NoRules, rules
    from hotline.logs import begin
    from hotline.resources import ROOT, WORKERS

    begin("ari")
    call_it("ari")
    if not is_guarded(url) and not (settings().unguarded_servers and url.startswith("http://")):
        raise failure("ari", "--url must begin with https://, on this machine alone with http://", 2)
    if not APP.fullmatch(app):
        raise failure("ari", "--app must be letters, digits and _", 2)
    try:
        password = password_file.read_text().strip()
        how = rules(rules_file or SHIPPED)
    except (OSError, UnicodeDecodeError) as error:
        raise failure("ari", f"{password_file}: {getattr(error, 'strerror', None) or 'it is no text'}", 2) from None
    except NoRules as error:
        raise failure("ari", str(error), 2) from None
    if not password:
        raise failure("ari", f"{password_file} holds no password", 2)
    check_policy("ari")
    check_safe("ari")
    check_keys("ari")
    check_database("ari")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    work = import_module(f"{WORKERS}.ari")  # hotline never imports workers: only this command starts one
    leave_what_is_there()
    work.run(partial(Asterisk, url, user, password, app), app, how)
