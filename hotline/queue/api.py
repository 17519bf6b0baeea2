"""Inquiries over HTTP as they are read: where each is, how many are before it, what happened to it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from hotline.access.guards import Caller
from hotline.clock import now
from hotline.db import Db
from hotline.inquiries import guards
from hotline.inquiries import reading as inquiries
from hotline.inquiries.answers import InquiryDetail, InquiryPage
from hotline.inquiries.listing import LONGEST_CURSOR, listed
from hotline.inquiries.states import State
from hotline.intake.requests import Code, Slug
from hotline.moments import Moment
from hotline.web.one_thread import OneThread
from hotline.web.problems import problems

router = APIRouter(tags=["inquiries"], route_class=OneThread)


@router.get("/inquiries", response_model=InquiryPage, responses=problems(401, 403, 422))
def read_inquiries(
    caller: Caller,
    db: Db,
    state: State | None = None,
    municipality: Code | None = None,
    topic: Slug | None = None,
    since: Moment | None = None,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """Those you may see, newest first: an integrator what it handed in, an agent what they handled.

    A walk by `next_cursor` tells each one once; what was stored late, behind the walk's back, comes at its end.
    """
    page, following = listed(
        db, caller, state=state, municipality=municipality, topic=topic, since=since, cursor=cursor, limit=limit
    )
    return {"items": [inquiries.summary(inquiry) for inquiry in page], "next_cursor": following}


@router.get("/inquiries/{inquiry_id}", response_model=InquiryDetail, responses=problems(401, 403, 404, 422))
def read_inquiry(inquiry_id: UUID, caller: Caller, db: Db) -> dict[str, object]:
    """One inquiry: where it is, who has it, what happened to it."""
    return inquiries.detail(db, caller, guards.inquiry(db, caller, inquiry_id), now())
