"""Calendar files read from their bytes (RFC 5545, 3.1), without a calendar library.

Strict: what is not well formed raises `NotACalendar`, which says what and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_LINE_OCTETS = 75
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^",;:]*)')
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# RFC 6868: what a parameter's value may hold in disguise.
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}


class NotACalendar(ValueError):
    """The bytes are not what RFC 5545 calls a calendar stream."""


@dataclass(frozen=True)
class Property:
    """One content line: its name in capitals, its parameters, its value as it stands there."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as a TEXT, without its escapes."""
        return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], self.value)


@dataclass
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Every property of this name."""
        return [one for one in self.properties if one.name == name]

    def get(self, name: str) -> Property | None:
        """The first property of this name."""
        return next(iter(self.all(name)), None)

    def texts(self) -> dict[str, str]:
        """The values by name, without escapes; of several with one name the last."""
        return {one.name: one.text for one in self.properties}

    def inside(self, name: str) -> list[Component]:
        """The components of this name directly inside."""
        return [one for one in self.components if one.name == name]


def line_problems(data: bytes) -> Iterator[str]:
    """What is wrong with the physical lines: ends, lengths, encoding."""
    if data.startswith(b"\xef\xbb\xbf"):
        yield "begins with a byte order mark"
    if not data.endswith(b"\r\n"):
        yield "does not end with CRLF"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        yield "has a line break other than CRLF"
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data)[:-1], 1):
        if not line:
            yield f"line {number} is empty"
        if len(line) > LONGEST_LINE_OCTETS:
            yield f"line {number} has {len(line)} octets"
        try:
            line.decode()
        except UnicodeDecodeError:
            yield f"line {number} is not UTF-8 by itself"


def read(data: bytes) -> Component:
    """The one VCALENDAR of a file; raises `NotACalendar`."""
    root = Component("")
    open_components = [root]
    for line in unfolded(data):
        one = read_line(line)
        if one.name == "BEGIN":
            inner = Component(one.value)
            open_components[-1].components.append(inner)
            open_components.append(inner)
        elif one.name == "END":
            if open_components[-1].name != one.value or len(open_components) == 1:
                raise NotACalendar(f"END:{one.value} closes nothing")
            open_components.pop()
        else:
            open_components[-1].properties.append(one)
    if len(open_components) > 1:
        raise NotACalendar(f"{open_components[-1].name} is not closed")
    if [one.name for one in root.components] != ["VCALENDAR"] or root.properties:
        raise NotACalendar("is not one VCALENDAR and nothing else")
    return root.components[0]


def unfolded(data: bytes) -> list[str]:
    """The content lines; raises `NotACalendar` where they are not UTF-8."""
    try:
        text = re.sub(rb"\r?\n[ \t]", b"", data).decode()
    except UnicodeDecodeError as error:
        raise NotACalendar(f"is not UTF-8: {error}") from error
    return [line for line in text.replace("\r\n", "\n").split("\n") if line]


def read_line(line: str) -> Property:
    """One content line in its parts; raises `NotACalendar`."""
    if _CONTROL.search(line):
        raise NotACalendar(f"a control character in {line!r}")
    name = _NAME.match(line)
    if name is None:
        raise NotACalendar(f"no property name in {line!r}")
    position, parameters = name.end(), {}
    while found := _PARAMETER.match(line, position):
        key, value = found[1].upper(), found[2].strip('"')
        if key in parameters:
            raise NotACalendar(f"{key} twice in {line!r}")
        parameters[key] = re.sub(r"\^[n'^]", lambda match: _CARET[match[0]], value)
        position = found.end()
    if not line.startswith(":", position):
        raise NotACalendar(f"a parameter that is not quoted, or no value, in {line!r}")
    return Property(name[0].upper(), parameters, line[position + 1 :])
