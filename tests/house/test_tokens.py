"""Every colour, length, weight, leading and duration stands in tokens.css; the other style sheets use their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import tinycss2
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule
from tinycss2.color4 import parse_color

from app.web import static_files

CSS = Path(__file__).parent.parent.parent / "app" / "static" / "css"
TOKENS = CSS / "tokens.css"
# Its lengths are those of a sheet of paper, with which app/web/print_lists.py and print_cards.py calculate.
EXEMPT = {"print.css"}
# Pages of a screen in a hall: they fill it, so that their lengths are parts of it.
OF_THE_HALL = {"hall.css", "board.css", "display.css", "stage.css"}
SHEETS = sorted(path for path in CSS.glob("*.css") if path != TOKENS and path.name not in EXEMPT)
# Parts of what is there: of the free space, of a line's characters.
RELATIVE_UNITS = frozenset({"fr", "ch"})
SCREEN_UNITS = {"vw", "vh", "cqw", "cqh", "lh"}
# Words that name no value of ours: what is inherited, what the text has, what a reader's forced colours are.
COLOUR_WORDS = {"currentcolor", "transparent", "canvastext", "highlight"}
# Plain numbers in these properties are sizes, too.
NUMBERS_ARE_VALUES = {"font-weight", "line-height", "font"}
ALLOWED = {
    # A box of one pixel is what screen readers still read and nobody sees.
    (".visually-hidden", "inline-size", "1px"),
    (".visually-hidden", "block-size", "1px"),
    # It has no motion: its instant is that of its delay, which is a token.
    ("[data-kept] [data-slot]", "animation", "0s"),
}


def rules(content: Sequence[Node]) -> Iterator[QualifiedRule]:
    """All rules, those inside at-rules and other rules too."""
    for node in content:
        if isinstance(node, QualifiedRule):
            yield node
            yield from rules(_inside(node))
        elif isinstance(node, AtRule) and node.content is not None:
            yield from rules(_inside(node))


def _inside(node: QualifiedRule | AtRule) -> list[Node]:
    return tinycss2.parse_blocks_contents(node.content or [], skip_comments=True, skip_whitespace=True)


def values(rule: QualifiedRule) -> Iterator[tuple[str, Node]]:
    """Each part of each declaration's value, with the property; those inside functions too."""
    for declaration in _inside(rule):
        if isinstance(declaration, Declaration):
            yield from ((declaration.lower_name, part) for part in _parts(declaration.value))


def _parts(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _parts(getattr(node, "arguments", None) or getattr(node, "content", None) or [])


def is_value(prop: str, node: Node, units: frozenset[str]) -> bool:
    """Whether a part of a value belongs into the tokens; lengths in some units do not."""
    if node.type == "dimension":
        return node.lower_unit not in units
    if node.type == "number":
        return prop in NUMBERS_ARE_VALUES and node.value != 0
    if node.type == "ident" and node.lower_value in COLOUR_WORDS:
        return False
    return node.type in {"hash", "ident", "function"} and parse_color(node) is not None


def values_outside(text: str, units: frozenset[str] = RELATIVE_UNITS) -> list[tuple[str, str, str]]:
    """Selector, property and value of what a sheet says itself instead of naming a token."""
    found = [
        (tinycss2.serialize(rule.prelude).strip(), prop, part.serialize())
        for rule in rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))
        for prop, part in values(rule)
        if is_value(prop, part, units)
    ]
    return [one for one in found if one not in ALLOWED]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_value_stands_outside_the_tokens(sheet: Path) -> None:
    units = RELATIVE_UNITS | SCREEN_UNITS if sheet.name in OF_THE_HALL else RELATIVE_UNITS
    assert values_outside(sheet.read_text(), units) == []


@pytest.mark.parametrize(
    ("declaration", "found"),
    [
        ("color: #fff", ["#fff"]),
        ("color: white", ["white"]),
        ("border: var(--thin) solid rgb(0 0 0 / 50%)", ["rgb(0 0 0 / 50%)"]),
        ("padding: 3px calc(var(--space-8) + 0.1em)", ["3px", "0.1em"]),
        ("font-weight: 650", ["650"]),
        ("line-height: 1.3", ["1.3"]),
        ("transition: opacity 0.2s", ["0.2s"]),
        ("inline-size: min(100%, 30vw)", ["30vw"]),
        ("flex: 1 1 0", []),
        ("grid-template-columns: 12ch minmax(0, 1fr)", []),
        ("color: var(--ink)", []),
    ],
)
def test_the_check_tells_values_from_names(declaration: str, found: list[str]) -> None:
    planted = f"@layer parts {{ @media (min-width: 48rem) {{ .a {{ {declaration}; }} }} }}"
    assert [value for _, _, value in values_outside(planted)] == found


def test_both_ways_into_the_dark_have_the_same_colours() -> None:
    of_reader = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', TOKENS.read_text(), re.DOTALL)
    of_page = re.search(r':root\[data-theme="dark"\] \{\s*color-scheme: dark;(.*?)\}', TOKENS.read_text(), re.DOTALL)
    assert of_reader is not None
    assert of_page is not None
    assert of_page[1].split() == of_reader[1].split()


def test_every_name_that_a_sheet_uses_is_there() -> None:
    text = "".join(content.decode() for name, content in static_files.files().items() if name.endswith(".css"))
    used, named = set(re.findall(r"var\((--[\w-]+)\)", text)), set(re.findall(r"(--[\w-]+):", text))
    assert used - named - {"--paper-width", "--line-height", "--paper-height"} == set()
