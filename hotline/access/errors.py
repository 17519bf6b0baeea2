"""What stands between a person or a key and what they ask for, and what those who enter them may not."""

from hotline.errors import HotlineError


class UnknownPerson(HotlineError, status=404):
    """There is nobody of this user name."""


class UsernameTaken(HotlineError, status=409):
    """There is somebody of this user name already."""


class BadUsername(HotlineError, status=422):
    """This user name cannot be used."""


class WrongPlace(HotlineError, status=422):
    """This role has another place."""


class BadLanguage(HotlineError, status=422):
    """This is no language's code."""


class TopicsOfNoAgent(HotlineError, status=422):
    """Only agents have topics."""


class WeakPassword(HotlineError, status=422):
    """The password is too easy to guess."""


class NoPasswordList(HotlineError, status=503):
    """The list of common passwords cannot be read, so no password is taken."""


class UnknownIntegrator(HotlineError, status=404):
    """There is no integrator of this name."""


class IntegratorExists(HotlineError, status=409):
    """There is an integrator of this name already, with a key in force."""


class NoSuchKey(HotlineError, status=404):
    """The integrator has no such key in force."""


class WrongSignIn(HotlineError, status=401):
    """The user name or the password is wrong."""

    def __init__(self, person: int | None = None) -> None:
        """`person` is whose user name it was, if anybody's: for the log, and nothing that an answer tells."""
        super().__init__()
        self.person = person


class SignInNotProven(HotlineError, status=401):
    """The sign-in through your organisation could not be verified."""


class NoPlace(HotlineError, status=403):
    """Your organisation knows you, but it gives you no place in the hotline."""


class UnknownOrganisation(HotlineError, status=403):
    """No municipality of the hotline belongs to your organisation's CVR number."""


class TooManyAttempts(HotlineError, status=429):
    """Too many sign-ins failed; wait a while before the next one."""


class NotSignedIn(HotlineError, status=401):
    """A valid key or sign-in is needed."""


class SomebodyElse(HotlineError, status=401):
    """Somebody else is signed in in this browser now."""


class NotAllowed(HotlineError, status=403):
    """This key or person may not do that."""


class WrongKindOfKey(HotlineError, status=403):
    """An integrator's key was shown where somebody must be signed in, or a sign-in where it takes a key."""


class MissingScope(HotlineError, status=403):
    """This key may be used for other things, but not for that."""


class AskedTooOften(HotlineError, status=429):
    """So much is asked from this network that it has to wait a moment."""


class TooManyRequests(HotlineError, status=429):
    """This key asks more often than it may."""
