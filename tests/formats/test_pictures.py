"""Pictures of a program's folder: what is refused, and what becomes of the others."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from support.picture_files import LOGO, picture

from app.formats.pictures import (
    LARGEST_PROFILE_BYTES,
    NoPicture,
    Use,
    parts_of_name,
    picture_address,
    picture_names,
    prepare,
)


def prepared(folder: Path, file: str, data: bytes, use: Use = "face") -> list[Image.Image]:
    """The pictures that are made of a file."""
    (folder / file).write_bytes(data)
    return [Image.open(io.BytesIO(one)) for one in prepare(folder, file, use).sizes.values()]


def refusal(folder: Path, file: str, data: bytes = b"", use: Use = "plan") -> str:
    """Why a file is refused."""
    if data:
        (folder / file).write_bytes(data)
    with pytest.raises(NoPicture) as refused:
        prepare(folder, file, use)
    return str(refused.value)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says a size and holds hardly anything (a decompression bomb)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("file", "form"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.webp", "WEBP")]
)
def test_a_face_is_the_middle_square_in_two_sizes(tmp_path: Path, file: str, form: str) -> None:
    made = prepared(tmp_path, file, picture(form))
    assert [(one.format, one.size) for one in made] == [("WEBP", (96, 96)), ("WEBP", (288, 288))]
    left, right = (made[1].convert("RGB").getpixel((x, 144)) for x in (20, 268))
    assert [max(range(3), key=pixel.__getitem__) for pixel in (left, right)] == [0, 2]  # type: ignore[union-attr, arg-type]


@pytest.mark.parametrize(
    ("use", "size", "made"),
    [
        ("plan", (2000, 1000), (1600, 800)),
        ("plan", (800, 600), (800, 600)),
        ("plan", (10, 9000), (5, 4800)),
        ("logo", (2000, 1000), (320, 160)),
        ("logo", (6400, 100), (640, 10)),
    ],
)
def test_a_plan_and_a_logo_fit_their_largest_size(
    tmp_path: Path, use: Use, size: tuple[int, int], made: tuple[int, int]
) -> None:
    assert [one.size for one in prepared(tmp_path, "a.png", picture("PNG", *size), use)] == [made]
    found = prepare(tmp_path, "a.png", use).picture
    assert (found.width, found.height) == made


def test_what_the_camera_noted_is_gone_and_the_picture_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (49.0, 17.0, 20.0)  # GPS latitude
    data = picture("JPEG", exif=exif.tobytes(), comment=b"by Ada", icc_profile=b"profile")
    assert b"A camera" in data
    made = prepared(tmp_path, "a.jpg", data, "plan")[0]
    assert (made.size, dict(made.getexif()), made.info.get("icc_profile"), made.info.get("xmp")) == (
        (300, 400),
        {},
        None,
        None,
    )
    assert [
        word for word in (b"A camera", b"by Ada", b"Exif") if word in prepare(tmp_path, "a.jpg", "plan").sizes["full"]
    ] == []


def swapped_profile() -> bytes:
    """The profile of a device whose red light is blue and whose blue is red, made of that of sRGB."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = made.index(b"rXYZ"), made.index(b"bXYZ")
    made[red : red + 4], made[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(made)


def linear_grey_profile() -> bytes:
    """The profile of a device of grey whose values are amounts of light (ICC.1:2010: a curve without points)."""
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    curve = b"curv" + bytes(8)
    table = struct.pack(">I", 2) + struct.pack(">4sII4sII", b"wtpt", 156, len(white), b"kTRC", 176, len(curve))
    size = 128 + len(table) + len(white) + len(curve)
    header = struct.pack(">I4xI4s4s4s", size, 0x02100000, b"mntr", b"GRAY", b"XYZ ") + bytes(12) + b"acsp" + bytes(28)
    return header + white[8:] + bytes(48) + table + white + curve


def strongest(image: Image.Image, x: int, y: int) -> int:
    """Which channel of a pixel is strongest: 0 is red, 2 is blue."""
    pixel = image.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel.index(max(pixel))


@pytest.mark.parametrize(("file", "form"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_colours_of_another_device_become_those_of_the_web(tmp_path: Path, file: str, form: str) -> None:
    made = prepared(tmp_path, file, picture(form, icc_profile=swapped_profile()), "plan")[0]
    # The file has red on the left and blue on the right.
    assert (strongest(made, 20, 150), strongest(made, 380, 150)) == (2, 0)
    assert made.info.get("icc_profile") is None


def test_colours_of_another_device_keep_their_transparency(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 99)).save(data, "PNG", icc_profile=swapped_profile())
    made = prepared(tmp_path, "a.png", data.getvalue(), "logo")[0]
    assert (strongest(made, 20, 20), made.getchannel("A").getextrema()) == (2, (99, 99))


@pytest.mark.parametrize(("mode", "alpha"), [("L", 255), ("LA", 99)])
def test_grey_of_another_device_becomes_that_of_the_web(tmp_path: Path, mode: str, alpha: int) -> None:
    data = io.BytesIO()
    Image.new(mode, (40, 40), (128, 99)[: len(mode)]).save(data, "PNG", icc_profile=linear_grey_profile())
    made = prepared(tmp_path, "a.png", data.getvalue(), "logo")[0]
    # Half of the light is 188 in sRGB.
    assert made.convert("RGBA").getpixel((20, 20)) == (188, 188, 188, alpha)


def copies(folder: Path, image: Image.Image, **options: Any) -> int:
    """How many pictures Pillow makes until a file is prepared."""
    data = io.BytesIO()
    image.save(data, "PNG", **options)
    (folder / "a.png").write_bytes(data.getvalue())
    before = Image.core.get_stats()["new_count"]
    prepare(folder, "a.png", "logo")
    return int(Image.core.get_stats()["new_count"] - before)


@pytest.mark.parametrize(("mode", "profile"), [("RGB", swapped_profile()), ("L", linear_grey_profile())])
def test_a_profile_is_applied_without_another_copy_of_the_picture(tmp_path: Path, mode: str, profile: bytes) -> None:
    image = Image.new(mode, (40, 40))
    assert copies(tmp_path, image, icc_profile=profile) == copies(tmp_path, image)


@pytest.mark.parametrize(
    ("mode", "profile"),
    [
        ("RGB", b"no profile"),
        ("RGB", swapped_profile()[:200]),
        ("RGB", swapped_profile() + bytes(LARGEST_PROFILE_BYTES)),
        ("L", swapped_profile()),
        ("CMYK", swapped_profile()),
    ],
    ids=["broken", "cut", "too large", "of colours, in grey", "of lights, in inks"],
)
def test_a_profile_that_cannot_be_applied_is_ignored(tmp_path: Path, mode: str, profile: bytes) -> None:
    image = Image.new("RGB", (120, 120), "red").convert(mode)
    plain, profiled = io.BytesIO(), io.BytesIO()
    image.save(plain, "JPEG")
    image.save(profiled, "JPEG", icc_profile=profile)
    (tmp_path / "plain.jpg").write_bytes(plain.getvalue())
    (tmp_path / "profiled.jpg").write_bytes(profiled.getvalue())
    assert prepare(tmp_path, "profiled.jpg", "plan").sizes == prepare(tmp_path, "plain.jpg", "plan").sizes


def test_a_small_face_is_never_enlarged(tmp_path: Path) -> None:
    for side, sides in ((40, (40, 40)), (95, (95, 95)), (200, (96, 200)), (288, (96, 288)), (400, (96, 288))):
        made = prepared(tmp_path, "a.jpg", picture("JPEG", side + 10, side))
        assert [one.size for one in made] == [(one, one) for one in sides]
        found = prepare(tmp_path, "a.jpg", "face").picture
        assert (found.width, found.height) == (sides[1], sides[1])


def test_transparency_stays(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    buffer = io.BytesIO()
    clear.save(buffer, "PNG")
    assert prepared(tmp_path, "b.png", buffer.getvalue(), "logo")[0].convert("RGBA").getpixel((20, 20))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("mode", ["L", "P", "LA", "CMYK", "1"])
def test_every_sort_of_pixels_is_read(tmp_path: Path, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    buffer = io.BytesIO()
    Image.new("RGB", (300, 300), "red").convert(mode).save(buffer, form)
    assert [one.size for one in prepared(tmp_path, f"a.{form.lower()}", buffer.getvalue())] == [(96, 96), (288, 288)]


@pytest.mark.parametrize("use", ["face", "plan", "logo"])
def test_the_same_file_gives_the_same_bytes_and_another_one_others(tmp_path: Path, use: Use) -> None:
    (tmp_path / "a.png").write_bytes(picture("PNG"))
    (tmp_path / "b.png").write_bytes(picture("PNG", mode="L"))
    first, again, other = (prepare(tmp_path, file, use) for file in ("a.png", "a.png", "b.png"))
    assert (first == again, first.picture.digest == other.picture.digest) == (True, False)


def test_a_drawing_is_kept_as_its_text_with_its_size_in_pixels(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(LOGO)
    made = prepare(tmp_path, "logo.svg", "logo")
    assert (made.picture.width, made.picture.height) == (640, 160)
    assert made.picture.svg == (
        '<svg width="640" height="160" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 20">'
        '<rect width="80" height="20" fill="currentColor"/></svg>'
    )


def test_a_logo_that_is_a_drawing_is_painted_for_its_accent_and_a_plan_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_bytes(LOGO)
    made = prepare(tmp_path, "a.svg", "logo", "#0057b8").sizes
    assert list(made) == ["painted-0057b8"]
    assert Image.open(io.BytesIO(made["painted-0057b8"])).size == (640, 160)
    assert prepare(tmp_path, "a.svg", "plan").sizes == {}


# Refused


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("/etc/hostname.png", "a path inside the program's folder"),
        ("../a.png", "a path inside the program's folder"),
        ("pictures/../../a.png", "a path inside the program's folder"),
        ("pictures\\a.png", "a path inside the program's folder"),
        ("a.gif", "a file that ends in"),
        ("a.png.exe", "a file that ends in"),
        ("a", "a file that ends in"),
        ("none.png", "there is none of this name"),
        ("a\0.png", "a file that can be read"),
        (f"{'a' * 300}.png", "a file that can be read"),
    ],
)
def test_a_path_that_is_none_is_refused(tmp_path: Path, file: str, said: str) -> None:
    assert said in refusal(tmp_path, file)


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside.png"
    folder.mkdir()
    outside.write_bytes(picture("PNG"))
    (folder / "out.png").symlink_to(outside)
    (folder / "a.png").write_bytes(picture("PNG"))
    (folder / "in.png").symlink_to("a.png")
    (folder / "loop.png").symlink_to("loop.png")
    assert refusal(folder, "out.png") == "a file inside the program's folder"
    assert refusal(folder, "loop.png") == "a file that can be read"
    assert prepare(folder, "in.png", "plan").sizes == prepare(folder, "a.png", "plan").sizes


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    assert [refusal(tmp_path, name) for name in ("folder.png", "pipe.png")] == [
        "a file inside the program's folder"
    ] * 2


@pytest.mark.parametrize(
    ("file", "data", "said"),
    [
        ("a.png", picture("JPEG"), "a PNG, as its name says"),
        ("a.jpg", picture("GIF"), "a JPEG, as its name says"),
        ("a.webp", b"<html>", "a WEBP, as its name says"),
        ("a.jpg", LOGO, "a JPEG, as its name says"),
        ("a.png", picture("PNG")[:300], "a whole PNG"),
        ("a.jpg", picture("JPEG")[:400], "a whole JPEG"),
        ("a.webp", picture("WEBP")[:60], "a w"),
        ("a.png", png_of_size(8000, 8000), "at most 40 megapixels"),
        ("a.png", png_of_size(60_000, 60_000), "at most 40 megapixels"),
        ("a.png", png_of_size(2_000_000_000, 2_000_000_000), "at most 40 megapixels"),
        ("a.png", png_of_size(0, 0), "PNG"),
        ("a.png", b"\0" * 8_000_001, "a file of at most 8 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, file: str, data: bytes, said: str) -> None:
    assert said.lower() in refusal(tmp_path, file, data).lower()


def test_the_first_picture_of_a_phones_file_of_several_is_the_face(tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (300, 300), colour) for colour in ("#ff0000", "#0000ff"))
    data = io.BytesIO()
    first.save(data, "MPO", save_all=True, append_images=[second])
    made = prepared(tmp_path, "phone.jpg", data.getvalue())
    pixel = made[1].convert("RGB").getpixel((144, 144))
    assert isinstance(pixel, tuple)
    assert (made[1].size, pixel[0] > 200, pixel[2] < 50) == ((288, 288), True, True)


def test_a_picture_of_sixteen_bits_is_refused_and_not_whitened(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("I;16", (300, 300), 30_000).save(data, "PNG")
    said = refusal(tmp_path, "deep.png", data.getvalue())
    assert said == "a picture with 8 bits for each colour; export it as one"


def test_a_drawing_of_next_to_no_size_is_refused(tmp_path: Path) -> None:
    tiny = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e-320 1e-320"/>'
    assert refusal(tmp_path, "tiny.svg", tiny) == "a viewBox with a width and a height from 0.01 to 100,000"


def test_a_face_that_is_too_small_and_a_drawn_one_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.png", picture("PNG", 39, 400), "face") == "a picture of at least 40 × 40 pixels"
    assert "a photograph" in refusal(tmp_path, "a.svg", LOGO, "face")


# Addresses


def test_a_picture_has_an_address_for_each_size(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture("PNG"))
    (tmp_path / "a.svg").write_bytes(LOGO)
    face, logo = prepare(tmp_path, "a.png", "face").picture, prepare(tmp_path, "a.svg", "logo").picture
    assert picture_names(face, "face") == (f"{face.digest[:24]}-96.webp", f"{face.digest[:24]}-288.webp")
    assert (picture_address(face, 96), picture_address(logo)) == (
        f"/pictures/{face.digest[:24]}-96.webp",
        f"/pictures/{logo.digest[:24]}-full.svg",
    )
    assert parts_of_name(f"{face.digest[:24]}-96.webp") == (face.digest[:24], "96")


@pytest.mark.parametrize("name", ["", "a-96.webp", f"{'a' * 24}-97.webp", f"{'a' * 24}-96.png", f"{'%' * 24}-96.webp"])
def test_other_names_are_none(name: str) -> None:
    assert parts_of_name(name) == ("", "")
