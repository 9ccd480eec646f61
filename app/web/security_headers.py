"""The security headers of every response, and the request checks in Flask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import cast

from flask import Flask, Response, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.live.http_response import Headers
from app.web import content_policy
from app.web.request_policy import RequestPolicy
from app.web.running_service import service_of
from app.web.static_files import inline_styles

HSTS = ("Strict-Transport-Security", "max-age=31536000")
# What pages of other origins may read, including errors (Fetch standard, CORS protocol).
READABLE_PATHS = ("/api/", "/export/")
READABLE: Headers = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "ETag, Retry-After"))
PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Max-Age", "86400"),
)
# What pages of other origins may show (Fetch standard, CORP): codes, previews of links, pictures, feeds, data, and what
# embeds.
SHOWN_ELSEWHERE = re.compile(r"/(embed|api/|export/|card\.|cards/|pictures/)|.*(/qr\.|\.(ics|atom)$)")
_EXTENSION = "agenda-request-policy"


@cache
def security_headers(scheme: str, resource_policy: str = "same-origin") -> Headers:
    """The headers of every response; Strict-Transport-Security only for HTTPS."""
    headers = (
        (content_policy.HEADER, content_policy.content_policy(*inline_styles())),
        ("X-Content-Type-Options", "nosniff"),
        # A sign-in link must not leave the site in a Referer; within it, the CSRF check of HTTPS forms needs one.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", resource_policy),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    )
    return (*headers, HSTS) if scheme == "https" else headers


def response_headers(scheme: str, path: str, own: Iterable[tuple[str, str]] = ()) -> Headers:
    """The headers of every response at a path, other than those that the response sets itself."""
    headers = security_headers(scheme, "cross-origin" if SHOWN_ELSEWHERE.match(path) else "same-origin")
    headers = (*headers, *READABLE) if path.startswith(READABLE_PATHS) else headers
    names = {name.lower() for name, _ in own}
    return tuple(header for header in headers if header[0].lower() not in names)


def request_policy_of(app: Flask) -> RequestPolicy:
    """The request policy of an app."""
    return cast("RequestPolicy", app.extensions[_EXTENSION])


def request_scheme() -> str:
    """The scheme of the reader's request to Flask, as the request policy sees it."""
    return request_policy_of(current_app).scheme(request.scheme, {})


def install(app: Flask, proxies: int = 0) -> None:
    """Check an app's requests, and set the headers of its responses; ``proxies`` is how many are trusted."""
    policy = app.extensions[_EXTENSION] = RequestPolicy.of(service_of(app).public_url, proxies)
    if proxies:
        # Not X-Forwarded-Host: a proxy that does not set it passes on what the client sent.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]

    @app.before_request
    def _check_request() -> Response | None:
        policy.check(request.path, request.query_string.decode("latin-1"), request.host)
        if request.method == "OPTIONS" and request.path.startswith(READABLE_PATHS):
            return Response(status=204, headers=[*PREFLIGHT])
        return None

    @app.after_request
    def _add_headers(response: Response) -> Response:
        for name, value in response_headers(request_scheme(), request.path, response.headers):
            response.headers.add(name, value)
        return response
