"""Pictures of codes as phones take them, and two readers of different families."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from pyzbar.pyzbar import decode

Picture = NDArray[np.uint8]

PHONE_PIXELS = 90
SMALL_PIXELS = 200


def picture(png: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def small(image: Picture) -> Picture:
    return np.asarray(cv2.resize(image, (PHONE_PIXELS, PHONE_PIXELS), interpolation=cv2.INTER_AREA), np.uint8)


def blurred(image: Picture) -> Picture:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), image.shape[0] / 150), np.uint8)


def turned(image: Picture) -> Picture:
    """Turned by 15° about its middle, on a grey table."""
    height, width = image.shape
    wide = cv2.copyMakeBorder(image, *(height // 4,) * 4, cv2.BORDER_CONSTANT, value=200.0)
    matrix = cv2.getRotationMatrix2D((width * 3 / 4, height * 3 / 4), 15, 1)
    return np.asarray(cv2.warpAffine(wide, matrix, wide.shape[::-1], borderValue=200.0), np.uint8)


def faint(image: Picture) -> Picture:
    """Black shown as 110 and white as 170: a dim print in a dim hall."""
    return np.asarray(110 + image.astype(np.float32) / 255 * 60, np.uint8)


def plain(image: Picture) -> Picture:
    return image


def all_of_it(image: Picture) -> Picture:
    return faint(turned(blurred(small(image))))


def near(image: Picture) -> Picture:
    """A small picture as a phone looks at it, that zooms: readers want about five pixels a module."""
    if min(image.shape) >= SMALL_PIXELS:
        return image
    return np.asarray(cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)


def by_zbar(image: Picture) -> list[str]:
    return [found.data.decode() for found in decode(near(image))]


def by_opencv(image: Picture) -> list[str]:
    return [cv2.QRCodeDetectorAruco().detectAndDecode(near(image))[0]]
