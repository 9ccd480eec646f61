"""The process that writes an import into the program's folder: to keep its comments takes seconds for a large one."""

from __future__ import annotations

import sys

from app.domain.errors import AgendaError
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_program
from app.formats.program_folder.writer import update_program
from app.sources.served_folder import REQUEST, WRITTEN, WriteRequest, Written


def answer(sent: bytes) -> bytes:
    """Write what a request asks for."""
    return WRITTEN.dump_json(_written(REQUEST.validate_json(sent)))


def _written(request: WriteRequest) -> Written:
    try:
        update_program(read_program(request.folder), request.program, request.folder)
        return Written(hash_of_folder(request.folder))
    except OSError as error:
        return Written(reason=error.strerror or str(error))
    except AgendaError as error:
        return Written(reason=str(error))


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
