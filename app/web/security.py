"""What every answer tells the browser not to allow, and which requests get no further."""

from __future__ import annotations

from functools import cache

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.live.answer import Headers
from app.live.request_body import LARGEST_BODY
from app.web.assets import critical_css_hash
from app.web.gate import Gate
from app.web.service import service_of

HSTS = ("Strict-Transport-Security", "max-age=31536000")
# What pages of other origins may read, errors too (Fetch standard, CORS protocol).
READABLE_PATHS = ("/api/", "/export/")
READABLE: Headers = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "ETag, Retry-After"))
PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Max-Age", "86400"),
)
_EXTENSION = "agenda-gate"


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
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    )
    return (*headers, HSTS) if scheme == "https" else headers


@cache
def _readable_headers(scheme: str) -> Headers:
    return (*security_headers(scheme), *READABLE)


def headers_of_every(scheme: str, path: str) -> Headers:
    """The headers of every answer at a path, whichever door gives it."""
    return _readable_headers(scheme) if path.startswith(READABLE_PATHS) else security_headers(scheme)


def gate_of(app: Flask) -> Gate:
    """The rules of an app."""
    gate: Gate = app.extensions[_EXTENSION]
    return gate


def install(app: Flask, proxies: int = 0) -> None:
    """Guard an app, and set the headers on its every answer; ``proxies`` is how many are believed."""
    gate = app.extensions[_EXTENSION] = Gate.of(service_of(app).public_url, proxies)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    if proxies:
        # Not the host: a proxy that does not set it would pass on whatever a stranger claims.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]

    @app.before_request
    def _let_in() -> Response | None:
        refused = gate.refusal(request.path, request.query_string.decode("latin-1"), request.host)
        if refused:
            abort(refused.status, refused.detail)
        if (request.content_length or 0) > LARGEST_BODY:
            abort(413)
        if request.method == "OPTIONS" and request.path.startswith(READABLE_PATHS):
            return Response(status=204, headers=[*PREFLIGHT])
        return None

    @app.after_request
    def _secured(response: Response) -> Response:
        for name, value in headers_of_every(gate.scheme(request.scheme, {}), request.path):
            response.headers.setdefault(name, value)
        return response
