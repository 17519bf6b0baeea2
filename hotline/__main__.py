"""`hotline`: every command, each a module of hotline/cli."""

import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command that the arguments name. Ctrl-C while it is being loaded is one line: nothing has begun yet."""
    before = signal.signal(signal.SIGINT, _interrupted)
    from hotline.cli import commands

    app = commands(*sys.argv[1:2])
    signal.signal(signal.SIGINT, before)
    app()


def _interrupted(number: int, frame: FrameType | None) -> None:
    # No exception: in mid-import it would end as some module's traceback, or be caught there.
    os.write(2, "Stoppet · Stopped.\n".encode())
    os._exit(128 + number)


if __name__ == "__main__":
    main()
