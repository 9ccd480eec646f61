"""A photograph that somebody sends from a device: it becomes a face of the program, with nothing but its pixels.

What it is its first bytes say, not its name. It is decoded in a process of its own with limits, since strangers'
pictures may be made to take all memory, or to break a decoder: this module is the program of that process too.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image

from app.domain.identity import Picture
from app.formats.limited_process import FAILURES, output_of
from app.formats.pictures import AS_NAMED, BROKEN, MOST_PIXELS, NoPicture, PreparedPicture, prepare_face

LARGEST_SENT = 12_000_000
# A JPEG is decoded at a part of its size: phones make some of 108 megapixels.
MOST_PIXELS_OF_JPEG = 110_000_000
LONGEST_SECONDS = 20
CPU_SECONDS = 15
LARGEST_MEMORY = 1_500_000_000
LARGEST_OUTPUT = 1_000_000
LIMITS = {"seconds": LONGEST_SECONDS, "cpu_seconds": CPU_SECONDS, "memory": LARGEST_MEMORY, "output": LARGEST_OUTPUT}
# How the files begin: PNG (its specification, 5.2), JPEG (ITU-T T.81, B.1), and RIFF with a WEBP inside (RFC 9649).
_PNG, _JPEG, _RIFF, _WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"WEBP"
# Of ISO base media files, which name their brand after four bytes (ISO/IEC 14496-12, 4.3): what phones write.
_FTYP, _HEIC = b"ftyp", (b"hei", b"hev", b"mif", b"msf")
_PHOTOGRAPH = "a photograph in JPEG, PNG or WebP"
# What marks a place in metadata that is text (XMP, part 2, 3.2: the namespace of EXIF).
_PLACE_IN_TEXT = b"GPSLatitude"


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A face made of what was sent; ``had_location`` says that it named a place, which is not in the face."""

    prepared: PreparedPicture
    had_location: bool


def read_sent(data: bytes) -> SentPicture:
    """The face that a file's bytes show; raises `NoPicture`, which says what was expected."""
    if len(data) > LARGEST_SENT:
        raise NoPicture(f"a picture of at most {LARGEST_SENT // 1_000_000} MB")
    form = form_of(data)
    try:
        made: dict[str, Any] = json.loads(output_of(__name__, data, form, **LIMITS))
    except (*FAILURES, ValueError) as error:
        raise NoPicture("another picture; this one takes too much to read") from error
    if refused := made.get("refused"):
        raise NoPicture(refused)
    sizes = {name: base64.b64decode(text) for name, text in made["sizes"].items()}
    picture = Picture("", made["digest"], made["width"], made["height"])
    return SentPicture(PreparedPicture(picture, sizes), made["had_location"])


def form_of(data: bytes) -> str:
    """Pillow's name of what a file is by its first bytes; raises `NoPicture` for what is no photograph."""
    if data.startswith(_PNG):
        return "PNG"
    if data.startswith(_JPEG):
        return "JPEG"
    if data.startswith(_RIFF) and data[8:12] == _WEBP:
        return "WEBP"
    if data[4:8] == _FTYP and data[8:12].startswith(_HEIC):
        raise NoPicture(f"{_PHOTOGRAPH}; this is HEIC: share it as JPEG")
    if b"<svg" in data[:2_000].lower():
        raise NoPicture(f"{_PHOTOGRAPH}; this is a drawing")
    raise NoPicture(_PHOTOGRAPH)


def main(form: str) -> None:
    """Make a face of the photograph on standard input, as JSON on standard output."""
    json.dump(_made(sys.stdin.buffer.read(), form), sys.stdout)


def _made(data: bytes, form: str) -> dict[str, Any]:
    most = MOST_PIXELS_OF_JPEG if form == "JPEG" else MOST_PIXELS
    try:
        prepared = prepare_face(data, form, most_pixels=most)
    except NoPicture as refused:
        return {"refused": str(refused).removesuffix(AS_NAMED)}
    picture = prepared.picture
    return {
        "sizes": {name: base64.b64encode(one).decode() for name, one in prepared.sizes.items()},
        "digest": picture.digest,
        "width": picture.width,
        "height": picture.height,
        "had_location": _names_place(data),
    }


def _names_place(data: bytes) -> bool:
    """Whether a picture's metadata say where it was taken."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            has_position = bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    except BROKEN:
        has_position = False
    return has_position or _PLACE_IN_TEXT in data


if __name__ == "__main__":
    main(*sys.argv[1:])
