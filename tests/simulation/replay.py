"""A scenario through the live hotline: real rows, its own actions, the router's own pass, on a clock that is given."""

from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlmodel import col, select, update

from hotline.access.models import Integrator
from hotline.agents.models import AgentWork, Presence
from hotline.agents.presence import say
from hotline.clock import at, seconds
from hotline.directory.models import AgentSkill, KeptTopic, Partner
from hotline.directory.together import together
from hotline.handling.actions import close
from hotline.ids import new_id, reference_of
from hotline.inquiries.facts import Classified, Received
from hotline.inquiries.journal import record
from hotline.inquiries.models import LIVE_CHANNELS, Inquiry, Outcome
from hotline.inquiries.offer import Offer
from hotline.inquiries.states import State
from hotline.offers.abandon import abandon
from hotline.offers.actions import accept
from hotline.policies import current_policy
from hotline.queue.learning import learn
from hotline.queue.opening import open_anew
from hotline.queue.run import route
from hotline.queue.widen import widen
from hotline.routing import timing
from hotline.routing.learned import Learned
from hotline.simulation.clock import Kind
from hotline.simulation.scenario import Arrival, Collaboration, Scenario
from hotline.simulation.shifts import shifts
from tests.builders import a_pool, an_agent
from tests.building import accounts, transaction
from tests.offers.doing import by


class Replay:
    """One run. `taken` says of each inquiry by whom it was taken, and when; nobody where it was given up."""

    def __init__(self, scenario: Scenario, begins: datetime) -> None:
        self.scenario, self.begins, self.policy = scenario, begins, current_policy()
        for one in scenario.settings.collaborations or ():
            self._agree(one)
        self.workers = {self._hire(worker): worker for worker in scenario.agents}
        self.arrivals = {one.id: one for one in scenario.inquiries}
        self.inquiries: dict[object, str] = {}
        self.rows: dict[str, object] = {}
        self.taken: dict[str, tuple[str | None, float]] = {}
        self.events: list[tuple[float, int, int, object]] = []
        self.looks: set[float] = set()  # that are planned because something is open to more by then
        with accounts() as session:
            pbx = Integrator(name="PBX")
            session.add(pbx)
            session.flush()
            self.integrator = pbx.id
        with transaction() as session:  # it has learned for long enough, and knows nothing
            learn(session, self.policy)
            known = sa.text("UPDATE learning SET since = :since, sums = :sums")
            session.execute(known, {"since": begins - timedelta(days=2), "sums": Jsonb(Learned().sums())})

    def run(self) -> dict[str, tuple[str | None, float]]:
        """From the first event to the last."""
        self._plan()
        while self.events:
            now, kind, _, what = heappop(self.events)
            self._happens(Kind(kind), what, at(seconds(self.begins) + now), now)
            if kind > Kind.IS_FREE or not (self.events and self.events[0][:2] <= (now, Kind.IS_FREE)):
                self._look(now)
        return self.taken

    def _plan(self) -> None:
        plan = [
            (when, kind, number, agent)
            for number, (agent, worker) in enumerate(self.workers.items())
            for begins, ends in shifts(worker)
            for when, kind in ((begins, Kind.SIGNS_IN), (ends, Kind.SIGNS_OFF))
        ]
        for number, one in enumerate(self.scenario.inquiries):
            plan.append((one.at, Kind.COMES, number, one.id))
            plan.append((one.at + one.patience_seconds, Kind.GIVES_UP, number, one.id))
            within = self._within(one)
            looks = [within * self.policy.written.idle_agents_after] if one.channel not in LIVE_CHANNELS else []
            looks += [self.policy.language_grace] if one.language not in timing.ALWAYS_ASKED_FOR else []
            plan += [(one.at + look, Kind.WIDENS, number, None) for look in looks]
        self.events = plan
        heapify(self.events)

    def _happens(self, kind: Kind, what: object, moment: datetime, now: float) -> None:
        if kind in (Kind.SIGNS_IN, Kind.SIGNS_OFF):
            with transaction() as session:
                said = Presence.AVAILABLE if kind is Kind.SIGNS_IN else Presence.OFFLINE
                say(session, what, said, None, moment)
        elif kind is Kind.COMES:
            self._comes(self.arrivals[what], moment)
        elif kind is Kind.IS_FREE:
            agent, inquiry = what
            by(agent, self._closes, inquiry, at=moment)
        elif kind is Kind.GIVES_UP and what not in self.taken:
            with transaction() as session:
                abandon(session, session.get_one(Inquiry, self.rows[what]), moment)
            self.taken[what] = None, now

    def _closes(self, session, inquiry, agent, now) -> None:
        close(session, session.get_one(Inquiry, inquiry), agent, Outcome.RESOLVED, None, now)

    def _comes(self, one: Arrival, moment: datetime) -> None:
        with transaction() as session:
            id = new_id(moment)
            inquiry = Inquiry(
                id=id,
                reference=reference_of(id),
                integrator_id=self.integrator,
                channel=one.channel,
                municipality=one.municipality,
                state=State.WAITING,
                topic=one.topic,
                language=one.language,
                speaks=one.language,
                priority=one.priority,
                priority_given=True,
                received_at=moment,
                queued_at=moment,
                deadline=moment + timedelta(seconds=self._within(one)),
            )
            open_anew(inquiry, together(session, moment), moment)
            session.add(inquiry)
            session.flush()
            came = moment.isoformat()
            record(session, inquiry, Received(came), moment)
            record(session, inquiry, Classified(came, one.language, one.priority, urgent=False), moment)
        self.inquiries[id], self.rows[one.id] = one.id, id

    def _look(self, now: float) -> None:
        moment = at(seconds(self.begins) + now)
        with transaction() as session:
            learn(session, self.policy)
            widen(session, moment, self.policy)
        made = route(lambda: moment)
        self._plan_rings()
        if not made:
            return
        with transaction() as session:
            made = session.exec(select(Offer).where(Offer.state == "open").order_by(col(Offer.id))).all()
        for offer in made:
            by(offer.agent_id, accept, offer.id, at=moment)
            self._taken(self.arrivals[self.inquiries[offer.inquiry_id]], offer, now)

    def _plan_rings(self) -> None:
        with transaction() as session:
            waiting = select(Inquiry.widens_at).where(
                Inquiry.state == State.WAITING, col(Inquiry.widens_at).is_not(None)
            )
            widens = {seconds(one) - seconds(self.begins) for one in session.exec(waiting.distinct())}
        for look in widens - self.looks:
            heappush(self.events, (look, Kind.WIDENS, len(self.looks), None))
            self.looks.add(look)

    def _taken(self, one: Arrival, offer: Offer, now: float) -> None:
        worker = self.workers[offer.agent_id]
        self.taken[one.id] = worker.id, now
        ends = now + one.handle_seconds * self.policy.pace[worker.skills[one.topic]]
        ends += self.scenario.settings.wrap_up_seconds
        heappush(self.events, (ends, Kind.IS_FREE, len(self.taken), (offer.agent_id, offer.inquiry_id)))

    def _within(self, one: Arrival) -> float:
        return timing.deadline(0.0, one.channel in LIVE_CHANNELS, one.priority, self.policy)

    def _agree(self, one: Collaboration) -> None:
        pool = a_pool(*one.members, home_first_seconds=one.home_first_seconds, partner_seconds=one.partner_seconds)
        with accounts() as session:
            for rows, column, agreed in ((Partner, "partner", one.partners), (KeptTopic, "topic", one.kept)):
                pairs = ((code, other) for code, theirs in agreed.items() for other in theirs)
                session.add_all(
                    rows(collaboration_id=pool, municipality=code, **{column: other}) for code, other in pairs
                )

    def _hire(self, worker) -> int:
        facts = {"languages": sorted(worker.languages), "municipality": worker.municipality}
        id, _ = an_agent(tuple(worker.skills), capacity=worker.capacity, connected=True, **facts)
        with accounts() as session:
            for topic, level in worker.skills.items():
                mine = (col(AgentSkill.agent_id) == id, col(AgentSkill.topic) == topic)
                session.exec(update(AgentSkill).where(*mine).values(level=level))
            session.exec(update(AgentWork).where(col(AgentWork.agent_id) == id).values(idle_since=None))
        return id
