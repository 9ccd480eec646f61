"""What an import reports: what it took, guessed and left; and the one error of importing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from app.domain.errors import AgendaError


class ImportRefused(AgendaError):
    """A source that gives no program; the message gives the reason, and what would help."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


Sort = Literal["took", "guessed", "left"]

EXAMPLES_SHOWN = 3
LONGEST_EXAMPLE = 60


class ImportReport:
    """Collects remarks during one import; the same remark on several things becomes one line."""

    def __init__(self) -> None:
        self._things: dict[Sort, dict[str, list[str]]] = {"took": {}, "guessed": {}, "left": {}}
        self._better: dict[str, str] = {}
        self._questions: dict[str, str] = {}

    def took(self, remark: str, thing: str = "") -> None:
        """Report something that the program now has."""
        self._add("took", remark, thing)

    def guessed(self, remark: str, thing: str = "", *, better: str) -> None:
        """Report something that the source does not state explicitly, and ``better``: what would state it."""
        self._better[remark] = better
        self._add("guessed", remark, thing)

    def left(self, remark: str, thing: str = "") -> None:
        """Report something of the source that the program does not have."""
        self._add("left", remark, thing)

    def ask(self, question: str, option: str) -> None:
        """Note what no program can be made without, and an example of the option that says it."""
        self._questions.setdefault(question, option)

    @property
    def questions(self) -> str:
        """All that is asked, with the options that answer it, as one line; "" where nothing is."""
        options = {option.partition(" ")[0]: option for option in reversed(self._questions.values())}
        asked = [*islice(self._questions, EXAMPLES_SHOWN)]
        more = len(self._questions) - len(asked)
        asked += [f"and {more} more"] if more else []
        return f"{'; '.join(asked)}; add, such as: {' '.join(reversed(options.values()))}" if options else ""

    def lines(self, sort: Sort) -> Iterator[str]:
        """One line for each remark, with its first few examples, the count of the rest, and what states it better."""
        for remark, things in self._things[sort].items():
            examples = ", ".join(shortened(thing, LONGEST_EXAMPLE) for thing in things[:EXAMPLES_SHOWN])
            more = len(things) - EXAMPLES_SHOWN
            line = f"{remark}{f': {examples}' if examples else ''}{f' and {more} more' if more > 0 else ''}"
            yield f"{line}; better: {self._better[remark]}" if sort == "guessed" else line

    def has_guessed(self, remark: str) -> bool:
        """Whether a guess was reported, on whatever thing."""
        return remark in self._things["guessed"]

    def _add(self, sort: Sort, remark: str, thing: str) -> None:
        things = self._things[sort].setdefault(remark, [])
        if thing:
            things.append(thing)


def counted(number: int, noun: str) -> str:
    """`1 session`, `2 sessions`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shortened(text: str, longest: int) -> str:
    """A text as one line, cut at its end where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
