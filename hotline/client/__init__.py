"""Calls the hotline over its public API, for phone systems, forms, bots and scripts.

    with Client("https://hotline.example.dk", key) as hotline:
        taken = hotline.hand_in({"channel": "phone", "municipality": "0860", "citizen": {"phone": "+4520123456"}})
        print(hotline.inquiry(taken["id"])["state"])

`AsyncClient` has the same methods, to be awaited. Each gives the JSON that /api/docs describes. A hotline that restarts
is waited for; what it refuses is raised as `Problem`, and `Away` when it has not answered for a minute. Nothing in here
needs anything else of the hotline.
"""

from hotline.client.answers import API, Away, Event, Problem
from hotline.client.async_client import AsyncClient
from hotline.client.client import Client, Events
from hotline.client.verbs import Presence

__all__ = ["API", "AsyncClient", "Away", "Client", "Event", "Events", "Presence", "Problem"]
