"""The lane `alert`: begins and ends alerts by the rules of config/alerts.toml, and has them told."""

from hotline.clock import now
from hotline.db import transaction
from hotline.integrations.mail import alerts as mails
from hotline.integrations.webhooks import alerts as webhooks
from hotline.statistics.alerting import alert
from hotline.tenant import at_work


def run() -> bool:
    """One look."""
    with transaction(at_work("alert")) as session:
        at = now()
        if notices := alert(session, at):
            webhooks.write_down(session, notices, at)
            mails.write_down(session, notices, at)
    return False
