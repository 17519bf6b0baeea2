"""How often the citizens' pages are asked for: by a browser that was let in to an inquiry, and by strangers."""

from fastapi import Request
from limits import RateLimitItemPerMinute

from hotline.access.pace import bear_with
from hotline.access.throttle import address_of
from hotline.citizens.receipts import code_in
from hotline.clock import now

# A page of a chat asks 20 times a minute and is told of each key; somebody may have it open in several tabs.
OWN = RateLimitItemPerMinute(120)
# Who was let in to nothing opens the form and is led on, in a library several at once.
STRANGERS = RateLimitItemPerMinute(120)
# Whatever an address was let in to, be it a whole library's.
ADDRESS = RateLimitItemPerMinute(900)


def in_moderation(request: Request) -> None:
    """What is asked of an address, and by it of one inquiry. Raises AskedTooOften before anything is looked up."""
    address, reference = address_of(request) or "", str(request.path_params.get("reference", ""))
    if reference and code_in(request, reference) is not None:
        bear_with(OWN, now(), "own", address, reference)
    elif reference or request.method != "POST":  # a form that was filled in has a bound of its own, and stays as it is
        bear_with(STRANGERS, now(), "stranger", address)
    bear_with(ADDRESS, now(), "citizens", address)
