"""Pictures for program folders, made as a test needs them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from app.domain.program import Program
from app.formats.program_folder.reader import FolderContent, read_folder

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 20">'
    b'<rect width="80" height="20" fill="currentColor"/></svg>'
)
# An arc so large that the painter stops, although each number is within the bounds.
HARMFUL_LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 160">'
    b'<g transform="scale(1e4)"><path d="M0 0a1e5 1e5 0 1 1 1 1"/></g></svg>'
)

FILE = """\
id = "trees"
domain = "trees.example"
title = "Trees"
timezone = "UTC"

[identity]
logo = "pictures/logo.svg"

[[room]]
id = "hall"
name = "Hall"
plan = "pictures/plan.png"

[[day]]
date = 2025-07-18

[[day.session]]
id = "one"
time = "09:00-10:00"
title = "One"
room = "hall"
speakers = ["ada"]

[[speaker]]
id = "ada"
name = "Ada"
picture = "pictures/ada.jpg"
"""


def picture(form: str, width: int = 400, height: int = 300, mode: str = "RGB", **options: Any) -> bytes:
    """A picture with a red left and a blue right half."""
    image = Image.new(mode, (width, height), "red" if mode != "L" else 0)
    image.paste("blue" if mode != "L" else 255, (width // 2, 0, width, height))
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def picture_folder(folder: Path, change: Callable[[str], str] = str) -> Path:
    """A program's folder with a logo, a plan and a face."""
    (folder / "pictures").mkdir(exist_ok=True)
    (folder / "program.toml").write_text(change(FILE))
    (folder / "pictures" / "logo.svg").write_bytes(LOGO)
    (folder / "pictures" / "plan.png").write_bytes(picture("PNG", 2000, 1000))
    (folder / "pictures" / "ada.jpg").write_bytes(picture("JPEG"))
    return folder


def content(folder: Path) -> FolderContent:
    """What that folder holds."""
    return read_folder(picture_folder(folder))


def face_of(program: Program) -> str:
    """The digest of the first speaker's picture."""
    found = program.speakers[0].picture
    return found.digest if found else ""
