"""`hotline worker`: one process that does what waits on the lanes."""

import signal
import sys

from hotline.cli.first import call_it, check_keys, check_policy, check_redis, check_safe
from hotline.cli.frame import failure
from hotline.resources import ROOT, WORKERS


def worker() -> None:
    """Classify, sum up and whatever else waits. Start as many as there is work for."""
    from importlib import import_module

    from hotline.classification.reader import join_in_background, learn_in_background, reader, reads
    from hotline.garbage import leave_what_is_there
    from hotline.logs import begin

    begin("worker")
    call_it("worker")
    check_policy("worker")
    check_safe("worker")
    check_redis("worker")
    check_keys("worker")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the batch it is at is undone, and done again by another
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    try:
        reads()
    except OSError as error:
        raise failure(
            "worker", f"the keywords or the language model's key cannot be read: {error.strerror}", 2
        ) from None
    except ValueError as error:
        raise failure("worker", str(error), 2) from None
    reader().read(["Hej, hvem taler jeg med?"])  # all that the first text takes, before a citizen waits for it
    work = import_module(f"{WORKERS}.work")  # hotline never imports workers: only this command starts one
    leave_what_is_there()
    join_in_background()
    learn_in_background()
    work.run()
