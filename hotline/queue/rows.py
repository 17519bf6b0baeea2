"""Who sees which row: what the router has learned is its own."""

from hotline.rows import ALL, WORK, Line

LINES = (Line("learning", (WORK,), ALL),)
