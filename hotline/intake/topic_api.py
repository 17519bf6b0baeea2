"""GET /topics: what the hotline takes in at the moment, for bots, phone menus and forms that let citizens choose."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from hotline.access.guards import CallerOfAnyKind
from hotline.db import Db
from hotline.directory import queries
from hotline.directory.models import Topic
from hotline.web.one_thread import OneThread
from hotline.web.problems import problems

router = APIRouter(tags=["inquiries"], route_class=OneThread)


class TopicOut(BaseModel):
    """One topic that is open: the word for it in every other call, its names, and its KLE number where it has one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "topic": "passport",
                    "name": "Pas og legitimationskort",
                    "name_en": "Passports and identity cards",
                    "kle": "23.09.02",
                }
            ]
        }
    )

    topic: str
    name: str
    name_en: str
    kle: str | None


@router.get("/topics", response_model=list[TopicOut], responses=problems(401, 403))
def read_topics(caller: CallerOfAnyKind, db: Db) -> list[TopicOut]:
    """The topics that an inquiry may be about now, by their word; any key and any sign-in may read them."""
    return [_shown(topic) for topic in queries.load(db).topics.values() if topic.open]


def _shown(topic: Topic) -> TopicOut:
    return TopicOut(topic=topic.slug, name=topic.name, name_en=topic.name_en, kle=topic.kle)
