"""The process of `trial.py`: a request and the bytes of a file on the standard input become a trial on the output."""

from __future__ import annotations

import sys
from dataclasses import replace

from app.domain.errors import AgendaError
from app.importing import ImportOptions, ImportRefused, import_source
from app.sources.remembered import RememberedSource, options_of_texts
from app.sources.trial import REQUEST, TRIAL, Trial, TrialRequest


def answer(sent: bytes) -> bytes:
    """The trial of a request, as JSON."""
    head, _, data = sent.partition(b"\n")
    try:
        found = _trial(REQUEST.validate_json(head), data)
    except ImportRefused as error:
        found = Trial(refused=error.reason)
    except AgendaError as error:
        found = Trial(refused=str(error))
    return TRIAL.dump_json(found)


def _trial(request: TrialRequest, data: bytes) -> Trial:
    """Raises `AgendaError`."""
    former = request.wanted.program
    imported = import_source(data, name=request.name, address=request.address, options=_options(request), former=former)
    return Trial(
        took=imported.took,
        guessed=imported.guessed,
        left=imported.left,
        program=imported.program,
    )


def _options(request: TrialRequest) -> ImportOptions:
    """The options of a request; raises `ImportRefused` for an unknown one, or a date that is none."""
    try:
        said = options_of_texts(request.wanted.options)
    except ValueError as error:
        raise ImportRefused(request.name, f"a date or a number is none: {error}") from error
    options = RememberedSource(place=request.name, options=said).import_options()
    wanted = request.wanted
    return replace(options, published=None if options.items_of else wanted.published, kept=wanted.kept)


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
