"""JSON for programs: the program, the moment, the changes."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, current_app

from app.formats.api_answers import Now
from app.formats.api_fields import to_bytes
from app.formats.api_program import Program
from app.formats.csv_export import papers_csv
from app.formats.export_formats import export_program
from app.formats.now_answer import NowEnding, now_start
from app.live.http_response import StoredResponse
from app.live.timed_body import TimedBody
from app.web import address_traits
from app.web.address_traits import DATA, PAGE
from app.web.monitoring import METRICS_SETTING as METRICS
from app.web.openapi import CSV, OPERATIONS, XML, JsonObject, document
from app.web.request_context import page_context
from app.web.responses import JSON, base_url, cached, per_revision, per_segment, rendered
from app.web.running_service import current_service

api = Blueprint("api", __name__)

TYPES = {"xml": XML, "json": JSON, "csv": CSV}


@api.get("/api/program", traits=DATA)
@cached
def program() -> StoredResponse:
    """The whole program.

    Each session with its scheduled and its current time; people, rooms and dates.
    """
    context = page_context()
    return per_revision(to_bytes(Program.from_parts(context.program, revision=context.revision)), JSON)


@api.get("/api/now", traits=replace(DATA, frozen=False, lane="loop", prerender="requested"))
@cached
def now() -> StoredResponse:
    """What is on.

    Each room's now and next, notes and announcements. Each response has its own instant and is never cached, since
    readers set their clocks by it. With `at`, it is about another instant.
    """
    context, service = page_context(), current_service()
    program, clock = context.program, service.clock
    answer = Now.from_parts(
        program,
        **service.names(program),
        revision=context.revision,
        now=context.now,
        speed=clock.speed,
        moment=context.moment,
    )
    if context.frozen:
        return replace(per_segment(to_bytes(answer).decode(), JSON), shared_seconds=0)
    kept = replace(per_segment(now_start(answer).decode(), JSON), shared_seconds=0)
    return replace(kept, timed=TimedBody.of(kept.body, NowEnding(program, lambda: clock.speed)))


@api.get("/api/openapi.json", traits=DATA)
@cached
def description() -> StoredResponse:
    """This document: the API as OpenAPI 3.2."""
    return per_revision(to_bytes(_document()), JSON)


@api.get("/api", traits=PAGE)
@cached
def page() -> StoredResponse:
    """The same as a page for people."""
    program = page_context().program
    # A stream would never end in a browser's window.
    opened = [one.rule for one in OPERATIONS if one.tag != "Live"]
    examples = {address_traits.path_template(rule): next(address_traits.paths_of(program, rule), "") for rule in opened}
    in_copies = set(address_traits.rules(current_app, lambda traits: traits.frozen))
    frozen = [one for one in OPERATIONS if one.rule in in_copies]
    return rendered(
        "api.html",
        document=_document(),
        examples=examples,
        in_copies={address_traits.path_template(one.rule) for one in frozen},
        tags_in_copies={one.tag for one in frozen},
    )


def _document() -> JsonObject:
    return document(page_context().program, base_url(), metrics=current_app.config[METRICS])


@api.get("/export/papers.csv", traits=DATA)
@cached
def papers() -> StoredResponse:
    """The papers of all sessions as a file for spreadsheets."""
    return per_revision(papers_csv(page_context().program), CSV)


@api.get("/export/schedule.<any(xml, json, csv):form>", traits=DATA)
@cached
def schedule(form: str) -> StoredResponse:
    """The program as a file.

    `xml` and `json` are in frab's forms, which conference apps read; `csv` is for spreadsheets.
    """
    context = page_context()
    made = export_program(form, context.program, revision=context.snapshot.told.number, base_url=base_url())
    return per_revision(made.data, TYPES[form])
