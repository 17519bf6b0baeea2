"""The lane `simulate`: the days that somebody asked for on the page, by the policies they chose."""

from hotline.simulation.slices import Work

_work = Work()


def run() -> bool:
    """A slice of the one that this process is at; whether more is left."""
    return _work.go_on()
