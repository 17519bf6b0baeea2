"""Every number of a municipality's page leads to the inquiries that it counts, as far as the asker may see them."""

from datetime import timedelta
from itertools import product

import pytest
from sqlmodel import Session

from hotline.clock import danish, now
from hotline.statistics import queries, traced
from hotline.statistics.spans import Span, window
from hotline.statistics.traced import Number, inquiries
from tests.builders import HJORRING, SKANDERBORG, Api, a_person, a_pool, a_sign_in
from tests.building import owner
from tests.offers.doing import a_journalled_inquiry
from tests.statistics.lines import MORNING, take_all, write_a_day


def walked(db, *asked):
    """All that a number leads to, page by page."""
    found, after = [], None
    while True:
        page = inquiries(db, *asked, after=after)
        found += [row.inquiry_id for row in page.rows]
        if page.following is None:
            return found
        after = page.following


def test_a_number_of_any_hour_topic_and_channel_is_as_many_inquiries_as_its_list_has(db, monkeypatch):
    monkeypatch.setattr(traced, "PAGE", 7)
    write_a_day(db, seed=3, inquiries=150)
    db.commit()
    take_all(db)
    day = window(Span.DAY, danish(MORNING).date())
    eight = MORNING.replace(minute=0, second=0)
    hours = [(eight + timedelta(hours=n), eight + timedelta(hours=n + 1)) for n in (0, 3, 9)]
    seen = 0
    for number, (start, end), channel in product(Number, [(day.start, day.end), *hours], (None, "email")):
        topics = {one.topic: one.counts[number] for one in queries.by_topic(db, "0751", start, end, channel)}
        of_all = walked(db, "0751", number, start, end, channel)
        assert len(of_all) == len(set(of_all)) == sum(topics.values())
        for topic, count in topics.items():
            assert len(walked(db, "0751", number, start, end, channel, topic or "")) == count
        seen += len(of_all)
    assert seen > 100


def test_those_who_lead_find_the_inquiry_behind_a_number_and_its_number_leads_there(web):
    a_pool()
    for code in (HJORRING, SKANDERBORG):
        a_journalled_inquiry(municipality=code)
    with Session(owner()) as session:
        take_all(session)
        references = dict(session.connection().exec_driver_sql("SELECT municipality, reference FROM inquiry").all())
    lead, chief = (Api(web, a_sign_in(a_person(*who))) for who in (("team_lead", HJORRING), ("secretariat", None)))
    viewer = Api(web, a_sign_in(a_person("viewer", HJORRING)))
    address = f"{web}/municipalities/{HJORRING}"
    today = f"span=day&date={danish(now()).date()}"
    for api in (lead, chief):
        page = api.get(f"{address}/inquiries?{today}").text
        assert references[HJORRING] in page and references[SKANDERBORG] not in page
    for api, leads in ((lead, True), (viewer, False)):
        assert (f"/municipalities/{HJORRING}/inquiries?of=offered" in api.get(f"{address}/statistics").text) is leads


@pytest.mark.parametrize(
    "wrong",
    ["after=x", "after=2026-11-21_1", "hour=noon", "hour=2020-01-01T08:00Z", "of=closed", "channel=pigeon", "topic=x"],
)
def test_what_is_no_number_hour_or_place_in_a_list_is_refused(web, wrong):
    a_pool()
    chief = Api(web, a_sign_in(a_person("secretariat")))
    assert chief.get(f"{web}/municipalities/{HJORRING}/inquiries?{wrong}").status_code == 422
