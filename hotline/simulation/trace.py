"""A run as a file of JSON lines, one an inquiry, that anybody can check."""

import json

from hotline.simulation.run import Fate


def line(fate: Fate) -> str:
    """One fate, without the end of the line."""
    row: dict[str, object] = {"inquiry": fate.arrival.id}
    if fate.refused:
        row["refused_at"] = fate.at
    elif fate.agent is None:
        row["abandoned_at"] = fate.at
    else:
        row |= {"agent": fate.agent, "started_at": fate.at, "ended_at": fate.ended_at}
    return json.dumps(row, ensure_ascii=False)
