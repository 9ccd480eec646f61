"""The pages of papers: all of them, searched and filtered, and each one's own."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from app.domain.program import Room
from app.formats import jsonld
from app.formats.exchange_ids import PAPERS_PATH
from app.formats.markdown import to_text
from app.live.http_response import StoredResponse
from app.web import paper_list
from app.web.address_traits import KEPT_FIRST
from app.web.request_context import page_context
from app.web.responses import base_url, cached, from_cache, rendered, response_key
from app.web.template_helpers import rooms_of

papers = Blueprint("papers", __name__)

SUMMARY_LETTERS = 200


@papers.get(PAPERS_PATH, traits=replace(KEPT_FIRST, query=paper_list.STORED, asks=("q",)))
def all_papers() -> Response:
    """The papers of all sessions; with `q` those that a search finds, with `view=boards` a plan of the boards."""
    found = paper_list.parse(request.args, page_context())
    keep = response_key().query == found.kept_query
    return from_cache(lambda: rendered("papers.html", found=found, rooms=_rooms(found)), keep=keep)


@papers.get(f"{PAPERS_PATH}/<item_id>", traits=KEPT_FIRST)
@cached
def paper(item_id: str) -> StoredResponse:
    """One paper; its address is for life, also of one that was taken out of its line-up."""
    program = page_context().program
    removed = program.removed_item(item_id)
    one = removed or program.item(item_id)
    return rendered(
        "paper.html",
        paper=one.item,
        session=one.session,
        rooms=rooms_of(program, [one.session]),
        is_removed=removed is not None,
        neighbours={} if removed else paper_list.neighbours(one),
        summary=to_text(one.item.abstract)[:SUMMARY_LETTERS],
        data="" if removed else jsonld.item_data(program, one, base_url()),
    )


def _rooms(found: paper_list.PaperList) -> list[Room]:
    """The rooms whose sessions the open page shows."""
    return rooms_of(page_context().program, [group.session for group in found.groups])
