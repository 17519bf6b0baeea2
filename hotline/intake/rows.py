"""Who sees which row: requests that are known again."""

from hotline.rows import ADD, ALL, INTAKE, SEE, WORK, Line

LINES = (
    Line("idempotency_key", (WORK,), ALL),
    Line("idempotency_key", (INTAKE,), (SEE, ADD)),
)
