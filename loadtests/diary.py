"""What a run saw through the API: who came, and what became of them."""

from collections import defaultdict

from figures import Line, Past

from hotline.demo.citizens import Message
from hotline.sample.sign_ins import SignIn

ENDED = ("closed", "abandoned", "handed_over")


class Diary:
    """The inquiries of a run by their id, and those that were turned away, as a number."""

    def __init__(self) -> None:
        """Empty."""
        self.homes: dict[str, str] = {}
        self.lines: defaultdict[str, list[Line]] = defaultdict(list)
        self.turned_away = 0

    def came(self, id: str, message: Message) -> None:
        """An inquiry was taken in."""
        self.homes[id] = message.municipality

    def hung_up(self, id: str) -> None:
        """A citizen left the queue."""
        self.lines[id].append(Line("abandoned"))

    def noticed(self, event: str, id: str, user: SignIn, outcome: str | None) -> None:
        """An agent did something (hotline/demo/agents.py)."""
        self.lines[id].append(Line(event, answering=user.municipality, outcome=outcome))

    def ended(self, id: str) -> bool:
        """Whether the run saw the end of it."""
        return any(line.event in ENDED for line in self.lines[id])

    def pasts(self) -> list[Past]:
        """Every inquiry of the run, as the run saw it."""
        return [Past(home, self.lines[id]) for id, home in self.homes.items()]
