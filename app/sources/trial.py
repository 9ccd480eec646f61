"""An import that nothing waits for: what it would do to a program, worked out in a process with limits.

For whoever imports without a terminal. A source may be an upload or an address; any bytes give a trial or one reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from app.domain.program import Program
from app.formats.limited_process import FAILURES, output_of
from app.importing import MOST_BYTES, ImportRefused
from app.outgoing.fetch import Caller
from app.outgoing.reachable import Allowed
from app.sources.source_file import SourceFile, read_whole_address

MODULE = "app.sources.trial_process"
LONGEST_SECONDS = 60
CPU_SECONDS = 30
LARGEST_MEMORY = 2**30
LARGEST_OUTPUT = 60_000_000
LIMITS = {"seconds": LONGEST_SECONDS, "cpu_seconds": CPU_SECONDS, "memory": LARGEST_MEMORY, "output": LARGEST_OUTPUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Into which program to import, None for a new one, and what a person says of the source.

    ``options`` are texts by their names in the terminal: `{"date": "2025-07-18", "items-of": "posters"}`.
    ``published`` are the ids of sessions that were ever published, None where that is not known; ``kept`` those that
    stay as they are where the source lacks them.
    """

    program: Program | None = None
    options: dict[str, str] = field(default_factory=dict)
    published: frozenset[str] | None = None
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What is wanted of a file of this name and address."""

    name: str
    address: str
    wanted: Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What an import would do: its report, and the program to publish.

    Where it is refused, ``refused`` is the reason and there is no program.
    """

    refused: str = ""
    took: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    program: Program | None = None


REQUEST: TypeAdapter[TrialRequest] = TypeAdapter(TrialRequest)
TRIAL: TypeAdapter[Trial] = TypeAdapter(Trial)


def service_caller(allowed: Allowed) -> Caller:
    """What the service itself may fetch: https alone, without proxies, what is public and what a setting allows."""
    return Caller(most_bytes=MOST_BYTES, allowed=allowed)


def try_upload(data: bytes, name: str, wanted: Wanted) -> Trial:
    """What the import of a file would do; raises `ImportRefused`."""
    return _tried(SourceFile(data=data, name=name), wanted)


def try_address(address: str, caller: Caller, wanted: Wanted) -> Trial:
    """What the import of an address would do; raises `ImportRefused`, `FetchRefused`."""
    return _tried(read_whole_address(address, caller), wanted)


def _tried(file: SourceFile, wanted: Wanted) -> Trial:
    request = TrialRequest(file.name, file.address, wanted)
    # JSON has its line feeds escaped, so that the first one ends it.
    sent = b"%b\n%b" % (REQUEST.dump_json(request), file.data)
    try:
        trial = TRIAL.validate_json(output_of(MODULE, sent, **LIMITS))
    except (*FAILURES, ValidationError) as error:
        raise ImportRefused(file.name, "it takes too much time or memory to read; save it as CSV") from error
    if trial.program is None:
        raise ImportRefused(file.name, trial.refused)
    return trial
