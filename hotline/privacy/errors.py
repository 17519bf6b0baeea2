"""What is refused where citizens' rights are served."""

from hotline.errors import HotlineError


class SharedReference(HotlineError):
    """Several inquiries have this reference; search by phone number, mail address or CPR number."""

    status = 409
