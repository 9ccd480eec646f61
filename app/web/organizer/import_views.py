"""Importing a program or papers in the console: the form, what came of it, and publishing it."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.wrappers import Response

from app.domain.errors import AgendaError, UnknownName
from app.domain.items import LARGEST_FIRST_NUMBER
from app.live.clock import SYSTEM_CLOCK
from app.sources.import_queue import ImportTask, QueueFull
from app.sources.remembered import RememberedSource
from app.store.import_jobs import ImportJob, ImportJobs, ImportSource, record_publication
from app.store.imported_sources import forget_imported, imported_sources, remember_imported
from app.store.publish_import import ImportPublication, PlanChanged, PlanConflict, plan_in_force, publish_import
from app.store.source_status import read_source_statuses
from app.web.address_traits import FOR_ORGANIZERS_FILES
from app.web.organizer.console import console, console_page
from app.web.organizer.edit_forms import note_faults
from app.web.organizer.form_addresses import form_key, to_form, typed_form
from app.web.organizer.import_forms import (
    FIELDS,
    ImportFormRefused,
    faults_in,
    form_of,
    remembered_source,
    source_in,
)
from app.web.organizer.import_preview import ImportPreview, import_preview
from app.web.organizer.signed_in_person import current_program, current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service
from app.web.template_helpers import days_of

PAGE = "/organizer/import"


@console.get("/import")
def import_form() -> ResponseReturnValue:
    """The form, the sources that can be read again, and the imports of this browser."""
    form, program = typed_form(), current_program()
    faults = faults_in(form_of(form), program) if "address" in form else {}
    service = current_service()
    page = console_page(
        "import.html",
        faults=faults,
        filled_in=form,
        days=days_of(program, program.sessions),
        sources=service.imports.folder_sources(),
        statuses={one.name: one for one in read_source_statuses(service.database)},
        imported=imported_sources(service.database),
        jobs=_jobs().all(current_sign_in().id, SYSTEM_CLOCK.now()),
        bound=FOR_ORGANIZERS_FILES.takes_file,
        largest_number=LARGEST_FIRST_NUMBER,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK


@console.post("/import", traits=FOR_ORGANIZERS_FILES)
def begin_import() -> Response:
    """Begin to read a file or an address, and lead to the page that says what comes of it."""
    file, data = _upload()
    form = form_of(request.form, file)
    if faults_in(form, current_program()):
        return to_form(PAGE, {name: form[name] for name in FIELDS}, ImportFormRefused())
    return _begin(source_in(form), data if form["file"] else None)


@console.post("/import/again")
def import_again() -> Response:
    """Read an address again: of an import (`job`), or remembered here (`imported`) or by the folder (`list`)."""
    if "list" in request.form:
        found = _remembered(request.form["list"])
        return _begin(remembered_source(found), remembered=found.name)
    source = _job(request.form["job"]).source if "job" in request.form else _imported(request.form.get("imported", ""))
    if not source.is_address:
        raise NotFound("A file is not kept: choose it again.")
    return _begin(source)


@console.post("/import/forget")
def forget_import() -> Response:
    """Forget an address that is remembered here."""
    forget_imported(current_service().database, request.form.get("imported", ""))
    return redirect(PAGE, HTTPStatus.SEE_OTHER)


@console.get("/import/<job_id>")
def import_job(job_id: str) -> ResponseReturnValue:
    """What came of an import, and what publishing it would change."""
    job = _job(job_id)
    current_service().current.refresh()
    faults = note_faults(typed_form())
    preview, refused = _preview(job)
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    page = console_page(
        "import-job.html",
        job=job,
        preview=preview,
        refused=refused,
        faults=faults,
        filled_in=typed_form(),
    )
    return page, status


@console.post("/import/<job_id>")
def publish_job(job_id: str) -> Response:
    """Publish what an import made; the page of the import says what came of it."""
    job, page = _job(job_id), f"{PAGE}/{job_id}"
    if note_faults(request.form):
        return to_form(page, {"note": request.form["note"]}, ImportFormRefused())
    try:
        made = _publish(job) if job.state == "read" else job.revision
    except (PlanChanged, PlanConflict):
        return redirect(page, HTTPStatus.SEE_OTHER)
    return redirect(f"{page}?done={made}" if made else page, HTTPStatus.SEE_OTHER)


def _publish(job: ImportJob) -> int | None:
    """Publish an import; the number of the revision, if any."""
    service, me = current_service(), current_sign_in()
    if job.program is None or job.plan is None:
        return None
    note = request.form.get("note", "").strip()
    wanted = ImportPublication(program=job.program, order=job.plan, note=note, then=partial(_record, job))
    made = publish_import(
        service.current.revisions, wanted, by=me.editor, sign_in=me.id, now=service.clock.now(), once=form_key()
    )
    service.current.refresh()
    return made.number if made else None


def _record(job: ImportJob, connection: Connection, revision: int | None) -> None:
    """Store that an import is published, and remember its address."""
    now = SYSTEM_CLOCK.now()
    record_publication(connection, job.id, revision, now)
    if job.source.is_address and job.source not in map(remembered_source, current_service().imports.folder_sources()):
        remember_imported(connection, job.source, now)


def _preview(job: ImportJob) -> tuple[ImportPreview | None, AgendaError | None]:
    """What publishing an import would change, or why that is not known any more."""
    if job.state != "read" or job.program is None:
        return None, None
    plan = plan_in_force(current_service().current.revisions)
    if plan.order != job.plan:
        return None, PlanChanged()
    return import_preview(plan.program, job.program, page_context().program), None


def _begin(source: ImportSource, data: bytes | None = None, *, remembered: str = "") -> Response:
    service = current_service()
    task = ImportTask(
        source=source,
        sign_in=current_sign_in().id,
        form=form_key(),
        data=data,
        shown=not service.clock.rehearsal,
        remembered=remembered,
    )
    try:
        name = service.imports.add(task)
    except QueueFull as full:
        raise ServiceUnavailable(str(full)) from full
    return redirect(f"{PAGE}/{name}", HTTPStatus.SEE_OTHER)


def _upload() -> tuple[str, bytes]:
    """The name and the bytes of the file that came with the form; "" without one."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return "", b""
    return file.filename, file.read()


def _remembered(name: str) -> RememberedSource:
    sources = current_service().imports.folder_sources()
    found = next((one for one in sources if one.items_of == name and one.has_address), None)
    if found is None:
        raise NotFound("The program's folder does not remember this source any more.")
    return found


def _imported(items_of: str) -> ImportSource:
    sources = (one.source for one in imported_sources(current_service().database))
    found = next((one for one in sources if one.items_of == items_of), None)
    if found is None:
        raise NotFound("This address is not remembered any more.")
    return found


def _job(name: str) -> ImportJob:
    try:
        return _jobs().job(current_sign_in().id, name, SYSTEM_CLOCK.now())
    except UnknownName:
        raise NotFound(
            "This import is forgotten, as each is after a day, or newer ones have taken its place."
        ) from None


def _jobs() -> ImportJobs:
    return ImportJobs(current_service().database)
