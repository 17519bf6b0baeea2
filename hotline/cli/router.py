"""`hotline router`: the process that decides who is offered what."""

import signal
import sys

from hotline.cli.first import call_it, check_policy, check_safe
from hotline.db import hold_nothing_longer_than
from hotline.garbage import leave_what_is_there
from hotline.logs import begin
from hotline.resources import ROOT, WORKERS

STANDS_STILL = 1.0  # seconds; a router that hangs in the middle of a pass would hold up its stand-by


def router() -> None:
    """Match what waits with who is free. Start two, and one takes over when the other dies."""
    begin("router")
    call_it("router")
    hold_nothing_longer_than(STANDS_STILL)
    check_policy("router")
    check_safe("router")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from importlib import import_module

    route = import_module(f"{WORKERS}.route")  # hotline never imports workers: only this command starts one
    leave_what_is_there()
    route.run()
