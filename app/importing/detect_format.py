"""Which format a source is in, by its content; its name's suffix decides only between similar ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from app.importing.csv_table import read_csv
from app.importing.draft import Draft
from app.importing.frab import read_frab, read_frab_xml
from app.importing.ical import read_ical
from app.importing.json_exports import PRETALX, read_export, read_own_json
from app.importing.json_talks import is_europython, is_indico, read_europython, read_indico
from app.importing.json_yaml_data import Record, json_data, record_of
from app.importing.openreview import notes_of
from app.importing.record_lists import draft_of_records, read_yaml
from app.importing.source import Source
from app.importing.spreadsheet import BEGINNINGS, read_spreadsheet
from app.importing.web_page import read_page

Reader = Callable[[Source], Draft]
HEAD_LENGTH = 4096
CALENDAR = "BEGIN:VCALENDAR"
PAGES = frozenset({".md", ".markdown", ".html", ".htm", ".mkd"})
TABLES = frozenset({".csv", ".tsv"})
XML = re.compile(r"<(?:\?xml|!DOCTYPE schedule|schedule\b)", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^<\?xml[^>]*>\s*")
HTML = re.compile(r"<(?:!doctype html|html|head|body|table|div|h1|main|section)\b", re.IGNORECASE)
MARKDOWN = re.compile(r"^\s*\|.*\|\s*$|^#{1,3} \S", re.MULTILINE)
YAML = re.compile(r"(?:---[ \t]*\n)?(?:[ \t]*#[^\n]*\n|\s*\n)*(?:-[ \t]+\w[^\n,|]*:|[\w ]+:[ \t]*(?:\n|\S))")


def read(source: Source) -> Draft:
    """The draft of a source in any format; raises `ImportRefused`."""
    return reader_of(source)(source)


def reader_of(source: Source) -> Reader:
    """The reader for a source; raises `ImportRefused`."""
    return read_spreadsheet if source.data.startswith(BEGINNINGS) else _reader_of_text_file(source)


def _reader_of_text_file(source: Source) -> Reader:
    head = source.text[:HEAD_LENGTH].lstrip()
    if not head:
        raise source.refused("an empty file")
    if "\0" in head:
        raise source.refused("not text: a program's own file; save it as CSV or text")
    if head.upper().startswith(CALENDAR) or source.suffix == ".ics":
        return read_ical
    if source.suffix in PAGES:
        return read_page
    if head.startswith("<"):
        return read_frab_xml if XML.match(head) and not HTML.match(XML_DECLARATION.sub("", head)) else read_page
    if head[0] in "[{":
        return read_json
    if source.suffix in TABLES:
        return read_csv
    return read_yaml if source.suffix in (".yml", ".yaml") else _reader_of_text(head)


def _reader_of_text(head: str) -> Reader:
    if HTML.search(head) or MARKDOWN.search(head):
        return read_page
    lines = [line for line in head.splitlines() if line.strip()][:2]
    has_columns = any(all(delimiter in line for line in lines) for delimiter in ",;\t")
    if has_columns and not re.match(r"\s*-\s", head):
        return read_csv
    return read_yaml if YAML.match(head) else read_page


def read_json(source: Source) -> Draft:
    """The sessions of a JSON file of any system, or of lists of records; raises `ImportRefused`."""
    data: Any = json_data(source)
    if notes_of(data):
        raise source.refused("papers of OpenReview, no schedule; --items-of SESSION takes them into a session")
    data = _with_results(data)
    reader = _reader_of_system(data)
    return reader(data, source) if reader else draft_of_records(data, "JSON", source)


def is_of_a_system(data: Any) -> bool:
    """Whether data has the form of a known system's schedule."""
    return _reader_of_system(_with_results(data)) is not None


def _with_results(data: Any) -> Any:
    """Data with sessions in a list, or by their codes, as pretalx has them."""
    if isinstance(data, list) and any(isinstance(one, Mapping) and {"slot", "slots"} & set(one) for one in data):
        return {"results": data}
    if isinstance(data, Mapping) and data and all({"code", "title"} <= set(record_of(data, key)) for key in data):
        return {"results": list(data.values())}  # EuroPython's
    return data


def _reader_of_system(data: Any) -> Callable[[Record, Source], Draft] | None:
    known = JSON_FORMATS if isinstance(data, Mapping) else ()
    return next((reader for recognizes, reader in known if recognizes(data)), None)


# The first that recognizes the data reads it.
JSON_FORMATS: tuple[tuple[Callable[[Record], bool], Callable[[Record, Source], Draft]], ...] = (
    (lambda data: "conference" in data or bool({"conference", "days"} & set(record_of(data, "schedule"))), read_frab),
    (lambda data: isinstance(data.get("program"), Mapping) and "sessions" in data, read_own_json),
    (is_europython, read_europython),
    (is_indico, read_indico),
    (lambda data: {"sessions", "speakers", "rooms"} <= set(data), partial(read_export, system="Sessionize")),
    (lambda data: bool({"talks", "results", "submissions"} & set(data)), partial(read_export, system=PRETALX)),
)
