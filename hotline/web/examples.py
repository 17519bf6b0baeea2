"""One example for each shape of the API that does not bring its own, as the reference at /docs shows them."""

from typing import Any

ID = "01a2000d-4ae5-77dc-a275-fa0701ef8661"
LINKS = {"self": f"/api/v1/inquiries/{ID}", "abandonment": f"/api/v1/inquiries/{ID}/abandonment"}
RECEIVED = {
    "id": ID,
    "reference": "H-ZSB9-FX67",
    "state": "received",
    "topic": None,
    "language": None,
    "priority": 2,
    "municipality": "0751",
    "received_at": "2026-11-23T09:40:00.869013Z",
    "links": LINKS,
}
SUMMARY = RECEIVED | {
    "state": "handling",
    "channel": "phone",
    "topic": "mitid",
    "language": "da",
    "urgent": False,
    "external_id": "pbx-2026-000123",
}
DETAIL = SUMMARY | {
    "topic_confidence": 0.9829,
    "position": None,
    "estimated_wait_seconds": None,
    "nobody_since": None,
    "callback": False,
    "agent": {"username": "agent.0860", "name": "Agent in Hjørring"},
    "answered_by_municipality": "0860",
    "outcome": None,
    "timeline": [
        {"at": "2026-11-23T09:40:00.874988Z", "event": "received", "municipality": None},
        {"at": "2026-11-23T09:40:00.886740Z", "event": "classified", "municipality": None, "confidence": 0.9829},
        {"at": "2026-11-23T09:40:00.900418Z", "event": "offered", "municipality": "0860"},
        {"at": "2026-11-23T09:40:01.742173Z", "event": "accepted", "municipality": "0860", "wait_seconds": 0.87316},
    ],
}
OFFER = {
    "id": 4711,
    "made_at": "2026-11-23T09:40:00.900418Z",
    "lapses_at": "2026-11-23T09:40:20.900418Z",
    "inquiry": {
        "id": ID,
        "reference": "H-ZSB9-FX67",
        "state": "offered",
        "channel": "phone",
        "topic": "mitid",
        "language": "da",
        "priority": 2,
        "urgent": False,
        "municipality": "0751",
        "text": "Borger ringer, har fået ny telefon og kan ikke komme ind på MitID",
    },
}

EXAMPLES: dict[str, Any] = {
    "SignInRequest": {"username": "agent.0860", "password": "four-words-are-enough"},
    "SignInAnswer": {"token": "hs_b4IajsHkVUCsn"},
    "InquiryAnswer": RECEIVED | {"callback": False},
    "InquirySummary": SUMMARY,
    "InquiryDetail": DETAIL,
    "InquiryPage": {"items": [SUMMARY], "next_cursor": "AaIADUrld9yidfoHAe-GYQGiAA1K5XfconX6BwHvhmE4MTI6ODEyOiA"},
    "PresenceRequest": {"state": "break", "reason": "frokost"},
    "RefusalRequest": {"reason": "kender borgeren"},
    "ClosureRequest": {"outcome": "resolved", "note": "Har fået en ny aktiveringskode."},
    "TransferRequest": {"topic": "passport", "note": "Det drejer sig om et pas."},
    "CorrectionRequest": {"topic": "digital-post", "priority": 1},
    "Explanation": {
        "id": ID,
        "reference": RECEIVED["reference"],
        "state": "offered",
        "offers": [
            {
                "id": 4711,
                "agent": {
                    "username": "agent.0860",
                    "name": "Agent in Hjørring",
                    "municipality": "0860",
                    "municipality_name": "Hjørring",
                },
                "state": "open",
                "made_at": RECEIVED["received_at"],
                "answered_at": None,
                "able": 2,
                "at_work": 5,
                "language": "da",
                "beside": [
                    {
                        "agent": {
                            "username": "agent.0746",
                            "name": "Agent in Skanderborg",
                            "municipality": "0746",
                            "municipality_name": "Skanderborg",
                        },
                        "behind": "more_missed",
                        "times": 1.8,
                    }
                ],
                "not_able": {"rests": 1},
            }
        ],
        "waiting": None,
    },
    "ReleaseRequest": {"reason": "syg siden middag", "agent": "agent.0860"},
    "AssignmentRequest": {"agent": "agent.0860", "reason": "taler grønlandsk"},
    "CprRequest": {"reason": "skal slå sagen op"},
    "RevealedCpr": {"number": "010165-1237"},
    "DraftRequest": {"note": "Har fået en ny", "outcome": "resolved"},
    "ReadRequest": {"last": 17},
    "AnswerDraft": {"text": "Så tag det med"},
    "StateAnswer": {"id": ID, "state": "handling"},
    "Me": {
        "username": "agent.0860",
        "name": "Agent in Hjørring",
        "role": "agent",
        "municipality": "0860",
        "skills": [{"topic": "mitid", "level": 3}, {"topic": "passport", "level": 2}],
        "languages": ["da", "en"],
        "capacity": 3,
        "load": 3,
        "presence": "available",
        "offers": [OFFER],
        "inquiries": [],
    },
}
