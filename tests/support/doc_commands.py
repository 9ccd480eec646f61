"""The commands of the docs, as tests run them: the lines of fenced blocks whose language is `sh`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from support.repository import ROOT

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its page (a path in the repository), the heading above it, its language and its text."""

    page: str
    heading: str
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The block's lines without comments and blank lines; a line that ends in a backslash goes on."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def blocks_of(page: str) -> list[Block]:
    """All fenced blocks of a page, in order."""
    text = (ROOT / Path(page)).read_text()
    return [
        Block(page, _heading_before(text, found.start()), found["language"], found["text"])
        for found in _FENCE.finditer(text)
    ]


def commands_under(page: str, heading: str) -> list[str]:
    """The commands below one heading of a page, in order; raises `LookupError` where there are none."""
    found = [block for block in blocks_of(page) if (block.heading, block.language) == (heading, "sh")]
    if not found:
        raise LookupError(f"{page} has no commands under {heading!r}")
    return [command for block in found for command in block.commands]


def _heading_before(text: str, position: int) -> str:
    """The last heading before a position, outside of fenced blocks, whose comments look like one."""
    prose = _FENCE.sub(lambda fence: " " * len(fence[0]), text[:position])
    headings = _HEADING.findall(prose)
    return headings[-1].strip() if headings else ""
