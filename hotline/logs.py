"""Structured lines on standard error, one event each; never a word that a citizen wrote."""

import logging
import re
import sys

import structlog


def begin(part: str) -> None:
    """Set up logging for this process; `part` (web, worker, router) stands on every line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Asked for anew by each logger: what standard error was when the process began may be closed by now.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(part=part)
    logging.lastResort = OfLibraries(logging.WARNING)


def log(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of one module."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(module=name)
    return logger


class OfLibraries(logging.Handler):
    """What a library says by itself, which nobody else takes up: one line, too, and no more of it than what happened.

    Behind that its text may hold a value, and its trace does.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        from hotline.faults import tell  # whose lines are written here as well

        event = re.split(r"[\n:;(<%{]", str(record.msg), maxsplit=1)[0].strip()
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            tell(error, record.name, event)
        else:
            log(record.name).log(record.levelno, event)
