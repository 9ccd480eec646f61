"""The mask of a code is the one that the library's own search finds."""

from __future__ import annotations

from typing import Any

import qrcode
from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

from app.formats import qr_mask

LEVELS = (ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q, ERROR_CORRECT_H)


def fitted(text: str, level: int) -> qrcode.QRCode[Any]:
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=level)
    code.add_data(text)
    code.best_fit()
    return code


@given(text=st.text(min_size=1, max_size=120), level=st.sampled_from(LEVELS))
def test_a_code_is_that_of_the_library(text: str, level: int) -> None:
    code = fitted(text, level)
    code.make(fit=False)
    assert qr_mask.make(fitted(text, level)) == code.modules


def test_a_code_of_a_large_version_is_that_of_the_library() -> None:
    text = "https://conference.example/2025/agenda/talks/" * 20
    code = fitted(text, ERROR_CORRECT_M)
    code.make(fit=False)
    assert qr_mask.make(fitted(text, ERROR_CORRECT_M)) == code.modules
