"""What those who keep people and keys are refused."""

from hotline.errors import HotlineError


class UnknownPerson(HotlineError):
    """There is nobody of this user name."""

    status = 404


class UsernameTaken(HotlineError):
    """There is somebody of this user name already."""

    status = 409


class BadUsername(HotlineError):
    """This user name cannot be used."""

    status = 422


class WrongPlace(HotlineError):
    """This role has another place.

    `why` is `pool` or `municipality`.
    """

    status = 422


class BadLanguage(HotlineError):
    """This is no language's code."""

    status = 422


class TopicsOfNoAgent(HotlineError):
    """Only agents have topics."""

    status = 422


class WeakPassword(HotlineError):
    """The password is too easy to guess.

    `why` is the word for the rule that it breaks.
    """

    status = 422


class NoPasswordList(HotlineError):
    """The list of common passwords cannot be read, so no password is taken."""

    status = 503


class UnknownIntegrator(HotlineError):
    """There is no integrator of this name."""

    status = 404


class IntegratorExists(HotlineError):
    """There is an integrator of this name already, with a key in force."""

    status = 409


class NoSuchKey(HotlineError):
    """The integrator has no such key in force."""

    status = 404


class WrongSignIn(HotlineError):
    """The user name or the password is wrong."""

    status = 401

    def __init__(self, person: int | None = None) -> None:
        """`person` is whose user name it was, if anybody's: for the log, and nothing that an answer tells."""
        super().__init__()
        self.person = person


class SignInNotProven(HotlineError):
    """The sign-in through your organisation could not be verified."""

    status = 401


class NoPlace(HotlineError):
    """Your organisation knows you, but it gives you no place in the hotline."""

    status = 403


class UnknownOrganisation(HotlineError):
    """No municipality of the hotline belongs to your organisation's CVR number."""

    status = 403


class TooManyAttempts(HotlineError):
    """Too many sign-ins failed; wait a while before the next one."""

    status = 429
