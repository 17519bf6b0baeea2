"""Where to go on from an inquiry."""

from uuid import UUID

from pydantic import BaseModel


class Links(BaseModel):
    """Where to go on from here."""

    self: str
    abandonment: str


def links_of(inquiry_id: UUID) -> dict[str, str]:
    """The links of one inquiry."""
    own = f"/api/v1/inquiries/{inquiry_id}"
    return {"self": own, "abandonment": f"{own}/abandonment"}
