"""Makes all files of a copy, from address to address, and of a copy that is there already only what differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, starmap
from pathlib import Path
from typing import Any

from flask import Flask

from app.freezing.copy_folder import (
    MARK,
    NO_JEKYLL,
    CannotFreeze,
    CopyFolder,
    Listing,
    Origin,
    Validity,
    WrittenFile,
    mark_of,
)
from app.freezing.copy_inputs import CopyInputs, unpublished_inputs
from app.freezing.file_maker import FileMaker, MadeFile, file_name
from app.freezing.worker_processes import MakeAll, making
from app.web.identity_sheet import sheet_of
from app.web.running_service import Service, service_of


@dataclass(frozen=True)
class UnpublishedFiles:
    """The files of a program that was never published: their hash, and when they were last written."""

    hash: str
    written_at: datetime


def freeze(
    app: Flask,
    folder: Path,
    unpublished: UnpublishedFiles | None = None,
    *,
    processes: int = 1,
    force: bool = False,
) -> Generator[MadeFile]:
    """Write the copy of an app's edition into a folder, in some processes; yields each file of it, made or kept.

    The app's service has a public address, and neither its clock nor its revision changes meanwhile. Open pages take
    up a copy with a higher number: the revision's, or one that rises with each change of ``unpublished`` files. Raises
    `CannotFreeze`, without ``force`` also for a folder that holds something else. Files of an earlier copy that are not
    in this one are removed. Whoever may stop before the last file closes it, which ends the processes.
    """
    service, place = service_of(app), CopyFolder(folder)
    try:
        with place.locked():
            if not force:
                place.refuse_others(is_rehearsal=service.clock.rehearsal)
            place.remove_parts()
            origin, listing = _origin_of(service, unpublished, place.origin()), place.listing()
            maker = FileMaker(app, place, origin.number, listing.files)
            with making(maker.make, (service.database.forget_connections,), processes) as make_all:
                yield from _written(service, place, origin, maker.first_addresses, make_all)
    except OSError as error:
        raise CannotFreeze(f"{error.filename or folder}: {error.strerror}") from error


def _written(
    service: Service, place: CopyFolder, origin: Origin, first: Iterable[str], make_all: MakeAll
) -> Iterator[MadeFile]:
    # As the former freeze wrote it; the walk writes another.
    mark, listing, validity = place.mark(), place.listing(), validity_of(service)
    copy = inputs_of(service, origin.files_hash).digest(validity)
    made: dict[str, WrittenFile] = {}
    is_same = listing.is_whole and mark.get("copy") == copy
    begin = partial(place.begin_list, origin, listing)
    for one in _mended(place, listing, make_all) if is_same else _walk(first, make_all, begin):
        made[one.name] = one.file
        yield one
    place.remove(listing.names - made.keys())
    # The mark comes last, so that phones hear of a copy only when it is complete.
    marks = {NO_JEKYLL: b"", MARK: json.dumps(_mark(service, origin) | {"copy": copy}).encode()}
    place.write_list(origin, validity, (*made.values(), *starmap(mark_of, marks.items())))
    for name, content in marks.items():
        place.write(name, content)


def _walk(first: Iterable[str], make_all: MakeAll, begin: Callable[[Iterable[str]], None]) -> Iterator[MadeFile]:
    """The file at each address, and at those to which pages link; of two that share a file the first is made.

    ``begin`` is called with the names of files before they are made.
    """
    coming, seen = _unseen(first, set()), set[str]()
    while coming:
        seen.update(map(file_name, coming))
        begin(seen)
        linked: list[str] = []
        for one in make_all(coming):
            linked += one.file.links
            yield one
        coming = _unseen(linked, seen)


def _unseen(addresses: Iterable[str], seen: set[str]) -> list[str]:
    by_name = {file_name(address): address for address in reversed([*addresses])}
    return [address for name, address in reversed(by_name.items()) if name not in seen]


def _mended(place: CopyFolder, listing: Listing, make_all: MakeAll) -> Iterator[MadeFile]:
    """The files of a copy that was made of the same: those that are whole, and the others anew."""
    whole = [file for file in listing.files.values() if place.is_intact(file)]
    names = {file.name for file in whole}
    broken = [file.address for file in listing.files.values() if file.name not in names]
    return chain((MadeFile(file, is_written=False) for file in whole), make_all(broken))


def inputs_of(service: Service, files_hash: str = "") -> CopyInputs:
    """What a copy of a service's present revision is made of; ``files_hash`` is that of files never published."""
    rehearsal = service.clock.rehearsal_settings
    if files_hash:
        return unpublished_inputs(files_hash, service.public_url, rehearsal)
    revision = service.current.snapshot.revision.number
    return CopyInputs(revision, service.identity, service.history, service.public_url, rehearsal)


def validity_of(service: Service) -> Validity:
    """The time for which a copy holds that is made now."""
    segment = service.current.snapshot.timeline.segment(service.clock.now())
    return Validity(segment.start, segment.end)


def _origin_of(service: Service, unpublished: UnpublishedFiles | None, former: Origin | None) -> Origin:
    """The number of unpublished files is when they were last written, in seconds since 1970, or more.

    The folder's copy may be of files that were written later.
    """
    is_rehearsal = service.clock.rehearsal
    if unpublished is None:
        return Origin(is_rehearsal, service.current.snapshot.revision.number)
    number = int(unpublished.written_at.timestamp())
    if former:
        number = former.number if former.files_hash == unpublished.hash else max(number, former.number + 1)
    return Origin(is_rehearsal, number, unpublished.hash)


def _mark(service: Service, origin: Origin) -> dict[str, Any]:
    """What scripts ask for; of a rehearsal also its clock, in milliseconds since 1970 as scripts count them."""
    revision, rehearsal = service.current.snapshot.revision, service.clock.rehearsal_settings
    mark: dict[str, Any] = {
        "service": service.identity,
        "history": service.history,
        "revision": origin.number,
        "build": sheet_of(revision.program).release,
    }
    if rehearsal:
        anchor, shown = (round(at.timestamp() * 1000) for at in (rehearsal.anchor, rehearsal.shown))
        mark["rehearsal"] = {"anchor": anchor, "shown": shown, "speed": rehearsal.speed}
    return mark | ({"files": origin.files_hash} if origin.files_hash else {})
