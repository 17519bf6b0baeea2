"""Which tests go to one process where several share the work: those that share something dear to start."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/demo/test_demo.py")  # a demo for each


def group_of(nodeid: str) -> str:
    """What this test goes together with: the folder or file of its group, else its own name, that is nothing else."""
    return next((group for group in TOGETHER if nodeid.startswith(group)), nodeid)


class Together(LoadScopeScheduling):
    """Gives a group to one process, largest first, and everything else test by test to whoever is free.

    pytest-xdist's own `loadgroup` changes the names of tests for this, which pytest 9.2 does not take notice of.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
