"""The whole program as files for other systems: frab's XML and JSON, and CSV for a spreadsheet."""

from __future__ import annotations

from flask import Blueprint, Response

from app.formats.exports import export_program
from app.live.answer import Answer
from app.web.answering import JSON, base_url, kept, lasting
from app.web.look import the_look

exports = Blueprint("exports", __name__)

TYPES = {"xml": "application/xml; charset=utf-8", "json": JSON, "csv": "text/csv; charset=utf-8"}


@exports.get("/export/schedule.<any(xml, json, csv):form>")
def schedule(form: str) -> Response:
    """The program of the current revision in one form."""
    return kept(lambda: _file(form))


def _file(form: str) -> Answer:
    look = the_look()
    made = export_program(form, look.program, revision=look.revision, base_url=base_url())
    return lasting(made.data, TYPES[form])
