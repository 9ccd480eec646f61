"""Which form a source is in, by what is in it; the end of its name only breaks ties."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.formats.imports.csv_table import read_csv
from app.formats.imports.draft import Draft
from app.formats.imports.frab_json import read_frab_json
from app.formats.imports.frab_xml import read_frab_xml
from app.formats.imports.ical import read_ical
from app.formats.imports.json_value import json_value, record_of
from app.formats.imports.own_json import read_own_json
from app.formats.imports.page import read_page
from app.formats.imports.pretalx import read_pretalx
from app.formats.imports.records import draft_of_records
from app.formats.imports.sessionize import read_sessionize
from app.formats.imports.source import Source
from app.formats.imports.yaml_data import read_yaml

Reader = Callable[[Source], Draft]
HEAD = 4096
PAGES = frozenset({".md", ".markdown", ".html", ".htm", ".mkd"})
TABLES = frozenset({".csv", ".tsv"})
XML = re.compile(r"<(?:\?xml|!DOCTYPE schedule|schedule\b)", re.IGNORECASE)
HTML = re.compile(r"<(?:!doctype html|html|head|body|table|div|h1|main|section)\b", re.IGNORECASE)
YAML = re.compile(r"(?:---[ \t]*\n)?(?:[ \t]*#[^\n]*\n|\s*\n)*(?:-[ \t]+\w[^\n,|]*:|[\w ]+:[ \t]*(?:\n|\S))")


def read(source: Source) -> Draft:
    """The draft of a source in whatever form; raises `ImportRefused`."""
    return _reader(source)(source)


def _reader(source: Source) -> Reader:
    head = source.text[:HEAD].lstrip("\ufeff \t\r\n")
    if not head:
        raise source.refused("an empty file")
    if "\0" in head:
        raise source.refused("not text: a spreadsheet's or a program's own file; save it as CSV or text")
    if head[:15].upper() == "BEGIN:VCALENDAR" or source.suffix == ".ics":
        return read_ical
    if source.suffix in PAGES:
        return read_page
    if head.startswith("<"):
        return read_frab_xml if XML.match(head) and not HTML.match(_after_declaration(head)) else read_page
    if head[0] in "[{":
        return _read_json
    if source.suffix in TABLES:
        return read_csv
    return _reader_of_text(head, source)


def _reader_of_text(head: str, source: Source) -> Reader:
    if source.suffix in (".yml", ".yaml"):
        return read_yaml
    if HTML.search(head) or re.search(r"^\s*\|.*\|\s*$|^#{1,3} \S", head, re.MULTILINE):
        return read_page
    if _divided(head) and not re.match(r"\s*-\s", head):
        return read_csv
    return read_yaml if YAML.match(head) else read_page


def _divided(head: str) -> bool:
    """Whether some delimiter is in the first two lines that say something."""
    lines = [line for line in head.splitlines() if line.strip()][:2]
    return any(all(delimiter in line for line in lines) for delimiter in ",;\t")


def _after_declaration(head: str) -> str:
    return re.sub(r"^<\?xml[^>]*>\s*", "", head)


def _read_json(source: Source) -> Draft:
    data: Any = json_value(source)
    if isinstance(data, Mapping):
        if "conference" in data or "conference" in record_of(data, "schedule") or "days" in record_of(data, "schedule"):
            return read_frab_json(data, source)
        if isinstance(data.get("program"), Mapping) and "sessions" in data:
            return read_own_json(data, source)
        if "sessions" in data and "speakers" in data and "rooms" in data:
            return read_sessionize(data, source)
        if "talks" in data or "results" in data or "submissions" in data:
            return read_pretalx(data, source)
    if isinstance(data, list) and any(isinstance(one, Mapping) and ("slot" in one or "slots" in one) for one in data):
        return read_pretalx({"results": data}, source)
    return draft_of_records(data, "JSON", source)
