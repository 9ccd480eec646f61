"""The official schemas of the exchange formats, and programs with text that tries them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
from hypothesis import strategies as st
from lxml import etree

from app.domain.program import Person, Program
from app.domain.session import TBA, Link, Session
from support.strategies import programs

# Naming one that no installed library can check is an error.
FORMATS = ("color", "date", "date-time", "uri", "uuid")
BASE = "https://agenda.example.org"
# Whatever UTF-8 can carry, with what formats find hard among it.
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("<>&\"'=+-@;,\n\r\t\0\x0b\ufffe😀")),
    max_size=12,
)
URLS = st.sampled_from(
    (
        "https://example.org/",
        "http://bücher.example/ä b?q=ü#é",
        "https://example.org/%zz%20[x]|{y}",
        "mailto:a@example.org",
        "javascript:alert(1)",
        "https://",
        "https://[::1]:80/x",
        "https://user@example.org:99999/",
        "slides.pdf",
    )
)
LINKS = st.lists(st.builds(Link, TEXTS, URLS), max_size=3).map(tuple)
GUIDS = st.sampled_from(("", "frab:7", "8BAEA51D-6C66-55DC-AD37-92EC9EA924CB", "8baea51d-6c66-55dc-ad37-92ec9ea924cb"))


def xml_faults(folder: Path, data: bytes) -> list[str]:
    """What the official schema finds wrong with a schedule.xml."""
    schema = etree.XMLSchema(etree.parse(folder / "schemas" / "schedule.xml.xsd"))
    schema.validate(etree.fromstring(data))
    return [str(entry.message) for entry in schema.error_log]  # type: ignore[attr-defined]


def json_faults(folder: Path, data: bytes) -> list[str]:
    """What the official schema, its formats included, finds wrong with a schedule.json."""
    schema = json.loads((folder / "schemas" / "schedule.schema.json").read_text())
    validator = jsonschema.Draft6Validator(schema, format_checker=jsonschema.FormatChecker(FORMATS))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(data))]


@st.composite
def worded_programs(draw: st.DrawFn) -> Program:
    """A drawn program with people, and with any text wherever text may stand."""
    program = draw(programs())
    speakers = tuple(
        Person(
            id=f"person-{n}",
            name=draw(TEXTS) or "N",
            affiliations=tuple(draw(st.lists(TEXTS, max_size=2))),
            url=draw(URLS),
            biography=draw(TEXTS),
            links=draw(LINKS),
        )
        for n in range(draw(st.integers(0, 3)))
    )
    return replace(
        program,
        title=draw(TEXTS) or "T",
        description=draw(TEXTS),
        url=draw(URLS),
        speakers=speakers,
        sessions=tuple(_worded(draw, session, speakers) for session in program.sessions),
    )


def _worded(draw: st.DrawFn, session: Session, speakers: tuple[Person, ...]) -> Session:
    title = draw(TEXTS)
    return replace(
        session,
        title=title if title.strip() else TBA,
        speakers=tuple(person.id for person in speakers if draw(st.booleans())),
        abstract=draw(TEXTS),
        track=draw(TEXTS),
        language=draw(TEXTS),
        kind=draw(st.sampled_from(("talk", "break", "x"))),
        links=draw(LINKS),
        guid=draw(GUIDS),
    )
