"""What every answer tells the browser not to allow."""

from __future__ import annotations

from functools import cache

from flask import Flask, Response, request

from app.live.answer import Headers
from app.web.assets import critical_css_hash

HSTS = ("Strict-Transport-Security", "max-age=31536000")


@cache
def security_headers(scheme: str) -> Headers:
    """The headers of every answer; strict transport only where the transport is strict."""
    policy = "; ".join(
        (
            "default-src 'self'",
            f"style-src 'self' '{critical_css_hash()}'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    headers = (
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    )
    return (*headers, HSTS) if scheme == "https" else headers


def install(app: Flask) -> None:
    """Set the headers on every answer of an app."""

    @app.after_request
    def _secured(response: Response) -> Response:
        for name, value in security_headers(request.scheme):
            response.headers.setdefault(name, value)
        return response
