"""Photographs from people's devices: what is refused, and what is left of the others."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image
from support.picture_files import LOGO, picture

from app.formats.pictures import NoPicture
from app.formats.sent_picture import LARGEST_SENT, SentPicture, read_sent

VANCOUVER = {1: "N", 2: (49.0, 17.0, 20.0), 3: "W", 4: (123.0, 6.0, 50.0)}


def refusal(data: bytes) -> str:
    with pytest.raises(NoPicture) as refused:
        read_sent(data)
    return str(refused.value)


def faces(sent: SentPicture) -> dict[str, Image.Image]:
    return {size: Image.open(io.BytesIO(data)) for size, data in sent.prepared.sizes.items()}


def with_metadata(form: str, **options: object) -> bytes:
    """A picture that names the place where it was taken, the device, and that it lies on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "A phone"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(VANCOUVER)
    return picture(form, exif=exif, **options)


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that says that it is so large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "MPO"])
def test_a_photograph_becomes_a_face_in_two_sizes(form: str) -> None:
    sent = read_sent(picture(form, 800, 600))
    assert {size: face.size for size, face in faces(sent).items()} == {"96": (96, 96), "288": (288, 288)}
    assert {face.format for face in faces(sent).values()} == {"WEBP"}
    assert (sent.prepared.picture.width, sent.prepared.picture.file) == (288, "")


def test_the_same_photograph_is_the_same_face() -> None:
    assert read_sent(picture("PNG")).prepared == read_sent(picture("PNG")).prepared


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_pixels_is_left_and_a_place_is_told(form: str) -> None:
    sent = read_sent(with_metadata(form, width=600, height=300))
    assert sent.had_location
    for face in faces(sent).values():
        assert dict(face.getexif()) == {}
        assert not face.info.keys() & {"exif", "xmp", "icc_profile"}
    assert b"A phone" not in b"".join(sent.prepared.sizes.values())


def test_a_photograph_on_its_side_is_turned_upright() -> None:
    face = faces(read_sent(with_metadata("JPEG", width=300, height=300)))["288"].convert("RGB")
    top, bottom = face.getpixel((144, 40)), face.getpixel((144, 250))
    assert (top[0] > 200, bottom[2] > 200) == (True, True)


def test_a_place_in_xmp_is_told_too() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>49,17.3N</exif:GPSLatitude></x:xmpmeta>'
    sent = read_sent(picture("WEBP", xmp=xmp))
    assert sent.had_location
    assert b"GPSLatitude" not in b"".join(sent.prepared.sizes.values())


def test_a_photograph_without_a_place_has_none() -> None:
    assert not read_sent(picture("JPEG")).had_location


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "a photograph in JPEG, PNG or WebP"),
        (b"Hello", "a photograph in JPEG, PNG or WebP"),
        (b"GIF89a" + b"\0" * 40, "a photograph in JPEG, PNG or WebP"),
        (b"%PDF-1.7", "a photograph in JPEG, PNG or WebP"),
        (b"<script>alert(1)</script>", "a photograph in JPEG, PNG or WebP"),
        (LOGO, "a photograph in JPEG, PNG or WebP; this is a drawing"),
        (b'<?xml version="1.0"?>\n<SVG onload="alert(1)"/>', "a photograph in JPEG, PNG or WebP; this is a drawing"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a photograph in JPEG, PNG or WebP; this is HEIC: share it as JPEG"),
        (picture("JPEG", 30, 30), "a picture of at least 40 × 40 pixels"),
        (picture("JPEG", 800, 600)[:2_000], "a whole JPEG of at most 110 megapixels"),
        (picture("PNG", 800, 600)[:200], "a whole PNG of at most 40 megapixels"),
        (b"\xff\xd8\xff" + b"\0" * 100, "a JPEG"),
        (png_of(10_000, 10_000), "a picture of at most 40 megapixels"),
        (png_of(2_000_000_000, 2_000_000_000), "a whole PNG of at most 40 megapixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * LARGEST_SENT, "a picture of at most 12 MB"),
    ],
)
def test_what_is_no_photograph_is_refused_in_words(data: bytes, expected: str) -> None:
    assert refusal(data) == expected


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = png_of(10_000, 10_000, zlib.compress(b"\0" * (30_001 * 10_000), 9))
    assert len(bomb) < 1_000_000
    assert refusal(bomb) == "a picture of at most 40 megapixels"
