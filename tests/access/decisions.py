"""Who may do what: one line for each way into the hotline, from the API's document and the table of routes alike.

A test of a way may hold its line itself, in DECISIONS of its own module.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

NOBODY = "nobody"
PEOPLE = (
    "agent",  # of Skanderborg, who has the inquiry of a citizen of Hjørring in hand
    "other agent",
    "team lead",  # of Hjørring
    "viewer",  # of Hjørring
    "other viewer",  # of Skanderborg
    "secretariat",
    "administrator",
)
KEYS = ("integrator", "other integrator")  # the first handed the inquiry in and is bound to Hjørring
CALLERS = (NOBODY, *PEOPLE, *KEYS)

AGENTS = ("agent", "other agent")
POOL = ("secretariat", "administrator")
FIGURES = ("team lead", "viewer", *POOL)


@dataclass(frozen=True)
class Decision:
    """The status that each caller gets, and what is sent: `needs` is the state of the inquiry before."""

    expected: dict[str, int]
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    needs: str = ""
    params: dict[str, str] | None = None


def people(status: int = 200, *who: str, otherwise: int = 403, **more: Any) -> Decision:
    """A way for people: those named (all of them where none is) get `status`, others `otherwise`; keys may not."""
    named = who or PEOPLE
    expected = {one: status if one in named else otherwise for one in PEOPLE}
    return Decision({NOBODY: 401, **expected, **dict.fromkeys(KEYS, 403)}, **more)


def handler(status: int, **more: Any) -> Decision:
    """A way for the agent alone who has the inquiry: another agent finds nothing, who is no agent may not."""
    decided = people(status, "agent", **more)
    decided.expected["other agent"] = 404
    return decided


def leading(status: int, *hands: str, **more: Any) -> Decision:
    """A way for the secretariat and team leads, and perhaps for the agent who has the inquiry."""
    decided = people(status, "team lead", *POOL, *hands, **more)
    if hands:
        decided.expected["other agent"] = 404
    return decided


def everybody(status: int = 200, **more: Any) -> Decision:
    """A way for whoever comes."""
    return Decision(dict.fromkeys(CALLERS, status), **more)


def figures(*, integrator: int, other: int, other_viewer: int = 403) -> Decision:
    """A way for those who may read figures of Hjørring, and for keys with the scope for it."""
    decided = people(200, *FIGURES)
    decided.expected.update({"integrator": integrator, "other integrator": other, "other viewer": other_viewer})
    return decided


def _also(decision: Decision, **changes: int) -> Decision:
    decision.expected.update({name.replace("_", " "): status for name, status in changes.items()})
    return decision


NO_INQUIRY = "00000000-0000-7000-8000-000000000000"
INQUIRY = {"channel": "web", "municipality": "0860", "text": "Mit pas udløber"}
POWER_CUT = {"name": "Strømsvigt", "name_en": "Power cut", "like": "other", "examples": NO_INQUIRY}
CLOSED = {"outcome": "resolved", "note": "Rang the office"}

DECISIONS: dict[str, Decision] = {
    # Programs
    "POST /api/v1/sessions": everybody(201, json={"username": "{username}", "password": "{password}"}),
    "DELETE /api/v1/sessions/current": people(204),
    "POST /api/v1/inquiries": Decision(
        {NOBODY: 401, **dict.fromkeys(PEOPLE, 403), "integrator": 201, "other integrator": 403}, json=INQUIRY
    ),
    "GET /api/v1/inquiries": _also(people(200), integrator=200, other_integrator=200),
    "GET /api/v1/topics": _also(people(200), integrator=200, other_integrator=200),
    "GET /api/v1/inquiries/{inquiry_id}": _also(
        people(200, "agent", "team lead", *POOL, otherwise=404, needs="held"), integrator=200, other_integrator=404
    ),
    "POST /api/v1/inquiries/{inquiry_id}/abandonment": _also(
        people(403, needs="waiting"), integrator=200, other_integrator=404
    ),
    "POST /api/v1/offers/{offer_id}/acceptance": handler(200, needs="offered"),
    "POST /api/v1/offers/{offer_id}/refusal": handler(204, needs="offered"),
    "POST /api/v1/inquiries/{inquiry_id}/cpr/{n}/reveal": handler(200, needs="held", params={"n": "1"}),
    "POST /api/v1/inquiries/{inquiry_id}/cpr/{n}/undo": handler(204, needs="held", params={"n": "1"}),
    "POST /api/v1/inquiries/{inquiry_id}/wrap-up": handler(200, needs="held"),
    "PUT /api/v1/inquiries/{inquiry_id}/draft": handler(204, needs="held", json={"note": "Ringer i morgen"}),
    "POST /api/v1/inquiries/{inquiry_id}/messages": _also(
        handler(201, needs="held", json={"text": "Er den klar i morgen?"}), integrator=201, other_integrator=404
    ),
    "GET /api/v1/inquiries/{inquiry_id}/messages": _also(
        people(200, "agent", "team lead", *POOL, otherwise=404, needs="held"), integrator=200, other_integrator=404
    ),
    "PUT /api/v1/inquiries/{inquiry_id}/messages/read": handler(204, needs="held", json={"last": "1"}),
    "PUT /api/v1/inquiries/{inquiry_id}/messages/draft": handler(204, needs="held", json={"text": "Ja, fra kl. 10"}),
    "POST /api/v1/inquiries/{inquiry_id}/closure": leading(200, "agent", needs="held", json=CLOSED),
    "DELETE /api/v1/inquiries/{inquiry_id}/closure": handler(409, needs="held"),  # not closed yet
    "POST /api/v1/inquiries/{inquiry_id}/callback": _also(
        handler(200, needs="held", json={"phone": "20123456"}), integrator=409, other_integrator=404
    ),
    "POST /api/v1/inquiries/{inquiry_id}/transfer": leading(200, "agent", needs="held", json={"topic": "passport"}),
    "POST /api/v1/inquiries/{inquiry_id}/release": leading(200, needs="held", json={"reason": "gone home"}),
    "POST /api/v1/inquiries/{inquiry_id}/assignment": leading(
        200, needs="held", json={"agent": "{other_agent}", "reason": "speaks Greenlandic"}
    ),
    "GET /api/v1/inquiries/{inquiry_id}/explanation": leading(200, needs="held"),
    "PATCH /api/v1/inquiries/{inquiry_id}": handler(200, needs="held", json={"topic": "doctor"}),
    "POST /api/v1/cti/{token}": everybody(401, params={"token": "hk_nobodys"}, json={"event": "answer"}),
    "POST /api/v1/sms/{token}": everybody(401, params={"token": "hk_nobodys"}, json={"event": "sms:received"}),
    "POST /api/v1/webhooks": _also(
        people(403, json={"url": "https://127.0.0.1/", "events": ["closed"]}), integrator=422, other_integrator=422
    ),
    "GET /api/v1/webhooks": _also(people(403), integrator=200, other_integrator=200),
    **dict.fromkeys(
        (
            "DELETE /api/v1/webhooks/{webhook_id}",
            "POST /api/v1/webhooks/{webhook_id}/secret",
            "GET /api/v1/webhooks/{webhook_id}/deliveries",
            "POST /api/v1/webhooks/{webhook_id}/deliveries/{n}/redelivery",
        ),
        _also(people(403, params={"webhook_id": "1", "n": "1"}), integrator=404, other_integrator=404),
    ),
    "GET /api/v1/me": people(200),
    "PUT /api/v1/me/presence": people(200, *AGENTS, json={"state": "available"}),
    "PUT /api/v1/me/phone": people(200, *AGENTS, json={"endpoint": None}),
    "GET /api/v1/me/events": people(200, *AGENTS),
    "GET /api/v1/statistics/municipalities/{code}.csv": figures(integrator=200, other=403),
    "GET /api/v1/statistics/municipalities/{code}": figures(integrator=200, other=403),
    "GET /api/v1/statistics/exchange": figures(integrator=200, other=200, other_viewer=200),
    # Whoever watches over the processes; whoever reads the manual
    "GET /healthz": everybody(),
    "GET /readyz": everybody(),
    "GET /metrics": everybody(),
    "GET /openapi.json": everybody(),
    "GET /docs": everybody(),
    "GET /problems": everybody(),
    "GET /problems/{slug}": everybody(),
    "GET /language/{code}": everybody(303, params={"code": "en"}),
    "GET /static/{path}": everybody(params={"path": "hotline.css"}),
    # Citizens, where a key for their pages is named; with one: tests/citizens
    "GET /contact": everybody(404),
    "POST /contact": everybody(404, form={"text": "Mit pas udløber"}),
    "POST /contact/known": everybody(404, form={"reference": "H-2222-2222", "code": "2222-2222"}),
    "GET /contact/{reference}": everybody(404, params={"reference": "H-2222-2222"}),
    "GET /contact/{reference}/news": everybody(404, params={"reference": "H-2222-2222"}),
    "POST /contact/{reference}/messages": everybody(404, params={"reference": "H-2222-2222"}, form={"text": "Mere"}),
    "POST /contact/{reference}/typed": everybody(404, params={"reference": "H-2222-2222"}, form={"word": "2"}),
    "POST /contact/{reference}/forgotten": everybody(404, params={"reference": "H-2222-2222"}, form={"word": "2"}),
    # People with a browser
    "GET /": people(303),
    "GET /sign-in": everybody(),
    "GET /sign-in/oidc": everybody(404),  # no provider is set here; with one: test_oidc.py
    "GET /sign-in/oidc/callback": everybody(404),
    "POST /sign-in": everybody(303, form={"username": "{username}", "password": "{password}"}),
    "POST /sign-out": people(204),
    "GET /account": people(200),
    "POST /account/password": people(204, form={"current": "{password}", "password": "{password}"}),
    "POST /account/sign-ins/end": people(200, form={"current": "{password}"}),
    "GET /queue": people(200, *POOL),
    "GET /held": people(200, "team lead", *POOL),
    "GET /held/now": people(200, "team lead", *POOL),
    "GET /inquiries/{inquiry_id}": leading(200, needs="held"),
    "GET /classification": people(200, *POOL),
    "POST /classification/topics": people(422, *POOL, form=POWER_CUT),
    "POST /classification/words": people(422, *POOL, form={"word": "Havnekort", "topic": "passport", "weight": "9"}),
    "DELETE /classification/words/{number}": people(404, *POOL, params={"number": "999"}),
    "GET /privacy/rules": people(200, *POOL),
    "GET /privacy/lookups": people(200, "administrator"),
    "GET /queue/now": people(200, *POOL),
    "GET /integrations": people(200, *POOL),
    "GET /integrations/webhooks": people(200, "administrator"),
    "POST /integrations/webhooks/{webhook_id}/deliveries/{n}/redelivery": people(
        404, "administrator", params={"webhook_id": "1", "n": "1"}
    ),
    "GET /integrations/mailboxes": people(200, *POOL),
    "POST /integrations/mailboxes/{mailbox_id}/looks": people(404, *POOL, params={"mailbox_id": "1"}),
    "DELETE /integrations/mailboxes/{mailbox_id}/looks": people(404, *POOL, params={"mailbox_id": "1"}),
    "POST /integrations/numbers": people(200, *POOL, form={"number": "1150860", "municipality": "0860", "topic": ""}),
    "DELETE /integrations/numbers/{number}": people(404, *POOL, params={"number": "1150861"}),
    "POST /integrations/telephones": people(200, *POOL, form={"number": "2101", "username": "{agent}"}),
    "DELETE /integrations/telephones/{number}": people(404, *POOL, params={"number": "2102"}),
    "GET /desk": people(200, *AGENTS),
    "GET /desk/sign-out": people(200, *AGENTS),
    "POST /desk/sign-out": people(204, *AGENTS),
    "GET /desk/parts": people(200, *AGENTS),
    "GET /municipalities": people(200, *POOL),
    "GET /municipalities.xlsx": people(200, *POOL),
    "GET /municipalities/{code}/statistics": people(200, *FIGURES),
    "GET /municipalities/{code}/reports/{month}.pdf": people(404, *FIGURES, params={"month": "2026-01"}),
    "POST /municipalities/{code}/reports": people(303, *FIGURES, form={"month": "2026-01"}),
    "GET /alerts": people(200, *POOL),
    "GET /alerts/now": people(200, *POOL),
    "GET /municipalities/{code}/agents": people(200, "team lead", *POOL),
    "GET /municipalities/{code}/inquiries": people(200, "team lead", *POOL),
    "GET /municipalities/{code}/statistics.xlsx": people(200, *FIGURES),
    **dict.fromkeys(
        ("GET /settlement", "GET /settlement/lines.csv", "GET /settlement/inquiries.csv", "GET /settlement/month.xlsx"),
        people(200, *FIGURES, "other viewer"),
    ),
}


def decided() -> dict[str, Decision]:
    """These, and what the tests of single ways have decided."""
    tests = Path(__file__).parents[1]
    holders = [one for one in sorted(tests.glob("*/test_*.py")) if "\nDECISIONS = {" in one.read_text()]
    modules = [import_module(".".join(("tests", one.parent.name, one.stem))) for one in holders]
    return DECISIONS | {way: decision for module in modules for way, decision in module.DECISIONS.items()}
