"""Plain SVG drawings: read strictly, and written anew from what was read, so that they can stand inside a page.

A drawing has shapes and colours alone: no script, style, link, text, image, entity or reference. `currentColor` and
`var(--accent)` follow the page.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TypeAlias, cast

from lxml import etree

LARGEST_BYTES = 16_000
DEEPEST = 20
LEAST_SIDE, LARGEST_SIDE = 0.01, 100_000
SVG = "http://www.w3.org/2000/svg"
ELEMENTS = frozenset({"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title"})
GEOMETRY = re.compile(r"d|points|transform|width|height|r|rx|ry|[xy][12]?|c[xy]")
PRESENTATION = re.compile(
    r"color|opacity|fill(-opacity|-rule)?"
    r"|stroke(-opacity|-width|-linecap|-linejoin|-miterlimit)?"
)
# Whose values are colours: #123456 is no number.
COLOURS = frozenset({"color", "fill", "stroke"})
NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
# Attributes of the whole drawing that are written anew, or left to the page.
REPLACED = frozenset({"viewBox", "width", "height", "x", "y", "preserveAspectRatio"})
# What drawing programs add and a drawing does not need.
IGNORED_ELEMENTS = frozenset({"metadata", "desc"})
IGNORED = re.compile(
    r"id|class|version|baseProfile|role|(data|aria)-[\w-]+|\{http://www\.w3\.org/XML/1998/namespace\}space"
)
# Numbers, words and functions with plain arguments, such as rotate(45) or rgb(0 0 0); a reference is none of these.
VALUE = re.compile(r"(?!.*\b(?:url|var|attr|env|image|expression)\s*\()[\w\s.,#%()+-]*", re.DOTALL | re.IGNORECASE)
ACCENT = re.compile(r"var\(\s*--accent\s*(?:,\s*currentColor\s*)?\)")
ON_ITS_OWN = "var(--accent,currentColor)"
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# Document types, entities and sections; comments are left out by the parser.
_MARKUP_DECLARATION = re.compile(r"<!(?!--)")
PLAIN = "a plain drawing; export it as one (shapes and colours alone), or as a PNG"

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library's only name for the type


class NoDrawing(Exception):
    """A file that is no plain drawing; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as an SVG element in text, and its size in the units of its view box."""

    text: str
    width: float
    height: float


def read_drawing(data: bytes) -> Drawing:
    """The drawing in a file; raises `NoDrawing`."""
    root = _root(data)
    if root.tag != f"{{{SVG}}}svg":
        raise NoDrawing("an SVG drawing")
    left, top, width, height = _view_box(root)
    drawing = _copy(root, 0)
    drawing.set("viewBox", " ".join(f"{number:g}" for number in (left, top, width, height)))
    etree.cleanup_namespaces(drawing)
    return Drawing(etree.tostring(drawing, encoding="unicode"), width, height)


def sized(drawing: Drawing, width: int, height: int) -> str:
    """The drawing with the size in pixels at which it is shown where nothing else is said."""
    return drawing.text.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)


def _root(data: bytes) -> Element:
    if len(data) > LARGEST_BYTES:
        raise NoDrawing(f"a drawing of at most {LARGEST_BYTES:,} bytes, not {len(data):,}")
    try:
        text = _DECLARATION.sub("", data.decode("utf-8-sig"), count=1)
    except UnicodeDecodeError as error:
        raise NoDrawing("a drawing in UTF-8") from error
    if _MARKUP_DECLARATION.search(text):
        raise NoDrawing(f"{PLAIN}; without a document type, entities or CDATA")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NoDrawing(f"XML that can be read: {str(error)[:200]}") from error


def _view_box(root: Element) -> tuple[float, float, float, float]:
    try:
        left, top, width, height = (float(number) for number in re.split(r"[\s,]+", root.get("viewBox", "").strip()))
    except ValueError:
        raise NoDrawing('a drawing with a viewBox, such as viewBox="0 0 200 40"') from None
    numbers = (left, top, width, height)
    is_bounded = all(math.isfinite(number) and abs(number) <= LARGEST_SIDE for number in numbers)
    if not is_bounded or min(width, height) < LEAST_SIDE:
        raise NoDrawing(f"a viewBox with a width and a height from {LEAST_SIDE} to {LARGEST_SIDE:,}")
    return left, top, width, height


def _copy(element: Element, depth: int) -> Element:
    """The element with what is allowed; raises `NoDrawing` for anything else."""
    name = _name(element)
    if name not in ELEMENTS or depth > DEEPEST or (name == "svg" and depth > 0):
        raise NoDrawing(f"{PLAIN}; without <{name}>" if depth <= DEEPEST else f"{PLAIN}; nested less deeply")
    copy = etree.Element(f"{{{SVG}}}{name}", nsmap=cast("dict[str, str]", {None: SVG}))
    for key, value in element.attrib.items():
        if allowed := _value(name, str(key), str(value)):
            copy.set(str(key), allowed)
    copy.text = element.text if name == "title" else None
    copy.extend(_copy(child, depth + 1) for child in element if not _is_ignored(child))
    return copy


def _name(element: Element) -> str:
    """The element's name without SVG's namespace; one of another namespace is no element of a drawing."""
    return str(element.tag).removeprefix(f"{{{SVG}}}")


def _is_ignored(element: Element) -> bool:
    name = _name(element)
    return name in IGNORED_ELEMENTS or (name == "defs" and len(element) == 0)


def _value(element: str, key: str, value: str) -> str:
    """What is written of an attribute: its value, or "" for what a drawing does not need; raises `NoDrawing`."""
    if IGNORED.fullmatch(key) or (element == "svg" and key in REPLACED):
        return ""
    if key in {"fill", "stroke"} and ACCENT.fullmatch(value):
        return ON_ITS_OWN
    is_allowed = GEOMETRY.fullmatch(key) or PRESENTATION.fullmatch(key)
    if not is_allowed or not VALUE.fullmatch(value):
        raise NoDrawing(f"{PLAIN}; without {key}={value[:40]!r}")
    if key not in COLOURS and any(float(number) > LARGEST_SIDE for number in NUMBER.findall(value)):
        raise NoDrawing(f"{PLAIN}; with numbers up to {LARGEST_SIDE:,}, not {key}={value[:40]!r}")
    return value
