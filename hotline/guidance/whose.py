"""home_of(): whose guidance somebody edits."""

from hotline.access.errors import NotAllowed
from hotline.access.guards import may_lead
from hotline.directory.models import WHOLE_POOL, Person


def home_of(person: Person, asked: str) -> str | None:
    """Whose guidance is edited: the common one where nobody's is asked for, a team lead's own municipality's alone.

    Raises NotAllowed.
    """
    may_lead(person)
    if person.role in WHOLE_POOL:
        return asked or None
    if asked not in ("", person.municipality):
        raise NotAllowed("this guidance is another municipality's")
    return person.municipality
