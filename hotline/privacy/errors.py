"""What is refused where citizens' rights are served."""

from hotline.errors import HotlineError


class SharedReference(HotlineError, status=409):
    """Several inquiries have this reference; search by phone number, mail address or CPR number."""
