"""The pictures of a program's folder: checked, decoded, turned upright, sized and written anew without metadata.

The one place where files become pictures. All become WebP, which every browser since 2020 shows: it is half as large as
JPEG and, unlike it, may be transparent. What was drawn as PNG loses nothing. The same file gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.domain.colours import light_accent
from app.domain.identity import SHARP_FACE_PIXELS, Picture
from app.domain.program import Program
from app.formats.svg_drawing import NoDrawing, read_drawing, sized
from app.formats.svg_painting import NotPainted, painted

Use = Literal["logo", "face", "plan"]

LARGEST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
FACE_SIDES = (SHARP_FACE_PIXELS, 288)
# The side of a face in a row, in CSS pixels.
SMALLEST_FACE = 40
# The largest width and height of each other use, in pixels.
BOXES: Mapping[Use, tuple[int, int]] = {"logo": (640, 160), "plan": (1600, 4800)}
# The formats of Pillow by the endings of files.
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
# JPEGs of several pictures, as phones write them, of which the first is the photograph.
SEVERAL_JPEGS = "MPO"
# Pillow's modes with more than 8 bits for a colour, which it does not scale down.
DEEP_MODES = ("I", "F")
DRAWING = ".svg"
QUALITY = 82
# A lossless picture that is larger is a photograph.
LARGEST_LOSSLESS = 300_000
# A larger profile is ignored: those of screens and cameras have some kilobytes, of printers up to two megabytes.
LARGEST_PROFILE_BYTES = 4_000_000
SRGB = ImageCms.createProfile("sRGB")
# Pillow's modes whose profiles are for other channels than red, green and blue, and the mode of these channels.
NOT_RGB = {"L": "L", "LA": "L", "CMYK": "CMYK"}
WHOLE, PAINTED = "full", "painted"
DIGEST_LETTERS = 24
AS_NAMED = ", as its name says"
# What Pillow raises for files that are broken or lie about themselves.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, OverflowError, Image.DecompressionBombError)


class NoPicture(Exception):
    """A file that cannot be shown; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture, and its bytes by the name of their size.

    A drawing is served as its text, which is not here; of a logo here is what the painter made of it.
    """

    picture: Picture
    sizes: Mapping[str, bytes]


def prepare(folder: Path, file: str, use: Use, accent: str = "") -> PreparedPicture:
    """A picture of a program's folder for a use; a drawn logo is painted with the accent; raises `NoPicture`."""
    data, ending = _read(folder, file), Path(file).suffix.lower()
    if ending == DRAWING:
        return _drawing(file, data, use, accent)
    if use == "face":
        return prepare_face(data, FORMATS[ending], file)
    image = _fitting(_decoded(data, FORMATS[ending]), BOXES[use])
    return _prepared(file, {WHOLE: image}, is_drawn=ending == ".png")


def prepare_face(data: bytes, form: str, file: str = "", most_pixels: int = MOST_PIXELS) -> PreparedPicture:
    """The middle square of a photograph, which is in one of Pillow's ``FORMATS``; raises `NoPicture`."""
    return _prepared(file, _faces(_decoded(data, form, is_small=True, most_pixels=most_pixels)))


def picture_names(picture: Picture, use: Use) -> tuple[str, ...]:
    """The names under which a picture is served."""
    sizes = map(str, FACE_SIDES) if use == "face" else (WHOLE,)
    return tuple(_name(picture, size) for size in sizes)


def picture_address(picture: Picture, size: int | str = WHOLE) -> str:
    """Where a picture is served for ever: a face by its side in pixels, of `FACE_SIDES`, anything else whole."""
    return f"/pictures/{_name(picture, str(size))}"


def face_address(picture: Picture | None, side: int = FACE_SIDES[-1]) -> str:
    """Where a face is served; "" for none."""
    return picture_address(picture, side) if picture else ""


def whole_address(picture: Picture | None) -> str:
    """Where a logo or a plan is served; "" for none."""
    return picture_address(picture) if picture else ""


def painted_size(accent: str) -> str:
    """The name of the size under which a drawn logo is stored in pixels: what was painted depends on the accent."""
    return f"{PAINTED}-{light_accent(accent)[1:]}"


def media_type(size: str) -> str:
    """What the bytes of a picture in a size are."""
    return "image/png" if size.startswith(PAINTED) else "image/webp"


def parts_of_name(name: str) -> tuple[str, str]:
    """The beginning of the digest, and the size, that a name of `picture_names` has; ("", "") for any other name."""
    stem, _, ending = name.rpartition(".")
    digest, _, size = stem.partition("-")
    sizes = {WHOLE, *map(str, FACE_SIDES)}
    is_name = ending in {"webp", "svg"} and len(digest) == DIGEST_LETTERS and digest.isalnum() and digest.isascii()
    return (digest, size) if is_name and size in sizes else ("", "")


def pictures_of(program: Program) -> Iterator[tuple[Use, Picture]]:
    """The pictures of a program, each with its use."""
    found: list[tuple[Use, Picture | None]] = [("logo", program.identity.logo), ("logo", program.identity.logo_dark)]
    found += [("plan", room.plan) for room in program.rooms]
    found += [("face", person.picture) for person in (*program.speakers, *program.organizers)]
    return ((use, picture) for use, picture in found if picture is not None)


def is_inside(file: str) -> bool:
    """Whether a path, as it is written, stays inside the folder that it begins in."""
    return not Path(file).is_absolute() and ".." not in Path(file).parts and "\\" not in file


def _name(picture: Picture, size: str) -> str:
    return f"{picture.digest[:DIGEST_LETTERS]}-{size}.{'svg' if picture.svg else 'webp'}"


def _read(folder: Path, file: str) -> bytes:
    """The bytes of a file inside the folder; raises `NoPicture`."""
    path = Path(file)
    if not is_inside(file):
        raise NoPicture("a path inside the program's folder, such as 'pictures/logo.svg'")
    if path.suffix.lower() not in {*FORMATS, DRAWING}:
        raise NoPicture(f"a file that ends in {', '.join(FORMATS)} or, for drawings, {DRAWING}")
    place = folder / path
    try:
        if not place.resolve(strict=True).is_relative_to(folder.resolve()) or not place.is_file():
            raise NoPicture("a file inside the program's folder")
        with place.open("rb") as opened:
            data = opened.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise NoPicture("a file of the program's folder; there is none of this name") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise NoPicture("a file that can be read") from error
    if len(data) > LARGEST_BYTES:
        raise NoPicture(f"a file of at most {LARGEST_BYTES // 1_000_000} MB")
    return data


def _drawing(file: str, data: bytes, use: Use, accent: str) -> PreparedPicture:
    if use == "face":
        raise NoPicture(f"a photograph: a file that ends in {', '.join(FORMATS)}")
    try:
        drawing = read_drawing(data)
    except NoDrawing as error:
        raise NoPicture(str(error)) from error
    width, height = _inside((drawing.width, drawing.height), BOXES[use])
    text = sized(drawing, width, height)
    picture = Picture(file, hashlib.sha256(text.encode()).hexdigest(), width, height, text)
    return PreparedPicture(picture, _painted(picture, accent) if use == "logo" else {})


def _painted(logo: Picture, accent: str) -> dict[str, bytes]:
    """A drawn logo in pixels, by the name of their size; raises `NoPicture`."""
    color = light_accent(accent)
    try:
        return {painted_size(accent): painted(logo.svg, logo.width, logo.height, color)}
    except NotPainted:
        raise NoPicture("a drawing that can be painted; this one takes too much: simplify it") from None


def _prepared(file: str, made: Mapping[str, Image.Image], *, is_drawn: bool = False) -> PreparedPicture:
    """A picture of some sizes, of which the last is the largest."""
    sizes = {name: _encoded(one, is_drawn=is_drawn) for name, one in made.items()}
    width, height = list(made.values())[-1].size
    digest = hashlib.sha256(b"".join(sizes.values())).hexdigest()
    return PreparedPicture(Picture(file, digest, width, height), sizes)


def _decoded(data: bytes, form: str, *, is_small: bool = False, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """The picture upright, with nothing but its pixels; raises `NoPicture`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data))
        if image.format != form and (image.format, form) != (SEVERAL_JPEGS, "JPEG"):
            raise NoPicture(f"a {form}{AS_NAMED}; it is a {image.format}")
        if image.mode.startswith(DEEP_MODES):
            raise NoPicture("a picture with 8 bits for each colour; export it as one")
        if image.width * image.height > most_pixels:
            raise NoPicture(f"a picture of at most {most_pixels // 1_000_000} megapixels")
        if is_small:
            # A JPEG may be decoded at an eighth of its size, which takes a fifth of the time.
            image.draft(None, (2 * FACE_SIDES[-1], 2 * FACE_SIDES[-1]))
        image.load()
        plain = _in_srgb(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        raise NoPicture(f"a {form}{AS_NAMED}") from None
    except BROKEN as error:
        raise NoPicture(f"a whole {form} of at most {most_pixels // 1_000_000} megapixels") from error
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in sRGB, which browsers take pictures without a profile for; a broken profile is ignored.

    It is changed in place where its mode allows: a second copy of a large photograph would take 160 MB.
    """
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile") or b""
    if not profile or len(profile) > LARGEST_PROFILE_BYTES:
        return _in_mode(image, mode)
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        channels = _in_mode(image, NOT_RGB.get(image.mode, mode))
        if channels.mode == mode:
            ImageCms.profileToProfile(channels, opened, SRGB, inPlace=True)
            return channels
        converted = ImageCms.profileToProfile(channels, opened, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, *BROKEN):
        converted = None
    if converted is None:
        return _in_mode(image, mode)
    if mode == "RGBA":
        converted.putalpha(image.convert(mode).getchannel("A"))
    return converted


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The picture itself where it has the mode, else a copy."""
    return image if image.mode == mode else image.convert(mode)


def _faces(image: Image.Image) -> dict[str, Image.Image]:
    """The middle square in each size, never larger than it is; raises `NoPicture`."""
    largest = min(image.size)
    if largest < SMALLEST_FACE:
        raise NoPicture(f"a picture of at least {SMALLEST_FACE} × {SMALLEST_FACE} pixels")
    sides = {str(side): min(side, largest) for side in FACE_SIDES}
    return {name: ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS) for name, side in sides.items()}


def _fitting(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The picture, smaller where it exceeds a box."""
    if image.width <= box[0] and image.height <= box[1]:
        return image
    return image.resize(_inside(image.size, box), Image.Resampling.LANCZOS)


def _inside(size: tuple[float, float], box: tuple[int, int]) -> tuple[int, int]:
    """The largest size with the same proportions that is inside a box."""
    scale = min(box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _encoded(image: Image.Image, *, is_drawn: bool) -> bytes:
    if is_drawn:
        lossless = _webp(image, lossless=True)
        if len(lossless) <= LARGEST_LOSSLESS:
            return lossless
    return _webp(image, lossless=False)


def _webp(image: Image.Image, *, lossless: bool) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY, method=6, lossless=lossless)
    return buffer.getvalue()
