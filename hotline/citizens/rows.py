"""Who sees which row: receipts."""

from hotline.inquiries.rows import OF_INQUIRY
from hotline.rows import ALL, INTEGRATOR, SEE, WORK, Line

LINES = (
    Line("receipt", (WORK,), ALL),
    Line("receipt", (INTEGRATOR,), (SEE,), OF_INQUIRY),
)
