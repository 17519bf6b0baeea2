"""The numbers of PostgreSQL's advisory locks, in one place: whoever took the same one would wait for a stranger.

Beside them intake/store.py locks the hash of a request's key, of 64 bits: it meets one of these by no real chance.
"""

MIGRATING = 7_260_001  # of several who migrate a database, one does it
ROUTING = 7_260_002  # of several routers, one decides at a time
SEEDING = 7_260_003  # of two who seed, one after the other
FIRST_SIGN_IN = 7_260_004  # of two first sign-ins of one person through their organisation, one after the other
PASSWORD = 7_260_005  # with a person's id as the second number: nobody changes their password meanwhile
