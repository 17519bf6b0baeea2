"""Who sees which row: simulations are for who runs the pool; the hotline at work keeps them."""

from hotline.rows import ALL, SECRETARIAT, SEE, WORK, Line

LINES = (Line("simulation", (WORK,), ALL), Line("simulation", (SECRETARIAT,), (SEE,)))
