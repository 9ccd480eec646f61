"""Our SVG codes as pictures, for those who read codes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np

from support.qr_photographs import Picture

WHITE, BLACK = 255, 0


def drawn(svg: bytes) -> Picture:
    """The picture of one of our SVG codes: a white ground and black runs, a pixel a unit times the scale."""
    root = ET.fromstring(svg)
    ground, modules = root[1:]
    size = int(root.attrib["viewBox"].split()[2])
    assert ground.attrib == {"width": str(size), "height": str(size), "fill": "#fff"}
    assert modules.attrib["fill"] == "#000"
    pixels = np.full((size, size), WHITE, np.uint8)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", modules.attrib["d"]):
        pixels[int(y), int(x) : int(x) + int(length)] = BLACK
    scale = int(root.attrib["width"]) // size
    return np.kron(pixels, np.ones((scale, scale), np.uint8))
