"""Every address that the service answers, with names that exist in the first program."""

from __future__ import annotations

from flask import Flask

from app.web import static_files

NAMES = {
    "session_id": "tri-dao",
    "room_id": "venue",
    "speaker_id": "tri-dao",
    "slug": "about",
    "form": "json",
    "name": "codeml-2025",
    "version": static_files.build_hash(),
    "file": "css/pages.css",
}


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Each rule of an app with each of its methods, filled in: ("GET", "/talks/tri-dao")."""
    rules = app.url_map.iter_rules()
    return sorted((method, _filled(rule.rule)) for rule in rules for method in rule.methods or ())


def _filled(rule: str) -> str:
    path = rule
    while "<" in path:
        before, _, rest = path.partition("<")
        placeholder, _, after = rest.partition(">")
        path = before + _name(placeholder) + after
    return path


def _name(placeholder: str) -> str:
    converter, _, name = placeholder.rpartition(":")
    if converter.startswith("any"):
        return converter.partition("(")[2].rstrip(")").split(",")[0].strip()
    return NAMES.get(name, "nothing")
