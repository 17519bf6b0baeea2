"""The lane `alert`: begins and ends alerts by the rules of config/alerts.toml."""

from hotline.clock import now
from hotline.db import transaction
from hotline.statistics.alerting import alert
from hotline.tenant import at_work


def run() -> bool:
    """One look."""
    with transaction(at_work("alert")) as session:
        alert(session, now())
    return False
