"""What a process has made by its start stays for as long as it runs: the garbage collector need not go through it."""

import gc


def leave_what_is_there() -> None:
    """Collect once more, then let no later collection look at what there is now.

    Imports, routes and the classifier's model are a million objects; each full collection stands still for them, in a
    web process about 100 ms several times a second under load.
    """
    gc.collect()
    gc.freeze()
