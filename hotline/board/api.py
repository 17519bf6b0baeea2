"""Why an inquiry went where it did, over HTTP, for those who lead."""

from uuid import UUID

from fastapi import APIRouter

from hotline.access.guards import SignedIn, may_lead
from hotline.board.explanation import Explanation, explanation
from hotline.clock import now
from hotline.db import Db, acting
from hotline.inquiries import guards
from hotline.web.one_thread import OneThread
from hotline.web.problems import problems

router = APIRouter(tags=["inquiries"], route_class=OneThread)


@router.get("/inquiries/{inquiry_id}/explanation", responses=problems(401, 403, 404, 422))
def read_explanation(inquiry_id: UUID, person: SignedIn, db: Db) -> Explanation:
    """Why it was offered to whom it was and not to others, and why it waits: codes and figures.

    For the secretariat, and for team leads where the agent or the citizen is of their own municipality; they read the
    names of their own agents and of whom it was offered to.
    """
    may_lead(person)
    inquiry = guards.inquiry(db, person, inquiry_id)
    with acting(db):
        return explanation(db, inquiry, now(), person.municipality)
