"""The console for organizers and for chairs, who may edit the times of one room. It works without scripts."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

from app.domain import day_status, report_text
from app.domain.change_text import headline
from app.domain.edits.edit_text import edit_text
from app.domain.edits.session_rules import may_start_late
from app.formats.edit_json import edit_to_json
from app.web.day_search import kinds_of
from app.web.display_reports import ago, display_reports, is_silent
from app.web.my import my
from app.web.organizer import (  # noqa: F401 - they add routes
    cue_views,
    day_views,
    draft_views,
    edit_views,
    history_views,
    import_views,
    line_up_panel,
    link_views,
    own_session,
    people_views,
    proposal_views,
    proposed_changes,
    report_views,
    room_state_views,
    session_views,
    speaker_links_views,
    speaker_page_views,
    status_views,
)
from app.web.organizer.console import console
from app.web.organizer.edit_forms import preview_address
from app.web.organizer.edit_previews import changes_sum
from app.web.organizer.overrun import overrun_of
from app.web.organizer.revision_rights import may_explain, may_undo
from app.web.organizer.sign_in import signing_in
from app.web.sign_in_cookie import FormSession
from app.web.stage_timer_json import timer_json
from app.web.template_helpers import sentence


def install(app: Flask) -> None:
    """Register the console, with CSRF tokens in its forms."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form may stay open on a phone all day: its token is valid as long as the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.session_interface = FormSession()
    csrf = CSRFProtect(app)
    # Displays and readers have no cookie that a forged form could use.
    csrf.exempt(display_reports)
    csrf.exempt(my)
    app.register_blueprint(console)
    app.register_blueprint(signing_in)
    app.after_request(_not_stored)
    app.jinja_env.globals.update(
        csrf_token=generate_csrf,
        edit_to_json=edit_to_json,
        headline=headline,
        ago=ago,
        is_silent=is_silent,
        kinds_of=kinds_of,
        sentence=sentence,
        edit_text=edit_text,
        changes_sum=changes_sum,
        preview_address=preview_address,
        report_text=report_text,
        **room_state_views.TEMPLATE_GLOBALS,
        **cue_views.TEMPLATE_GLOBALS,
        **line_up_panel.TEMPLATE_GLOBALS,
        **proposed_changes.TEMPLATE_GLOBALS,
        **own_session.TEMPLATE_GLOBALS,
        day_status=day_status,
        timer_json=timer_json,
        overrun_of=overrun_of,
        may_start_late=may_start_late,
        may_undo=may_undo,
        may_explain=may_explain,
    )


def _not_stored(response: Response) -> Response:
    if request.path.startswith("/organizer"):
        response.headers["Cache-Control"] = "no-store"
    return response
