"""The cookies of the console: their names, and the key of a sign-in with its ticket.

A ticket is the HMAC-SHA256 of the key under the service's secret key. It shows, without a question to the database,
that this service once signed the browser in; whether it still is signed in, the database alone says.
Behind HTTPS names have the prefix `__Host-` (RFC 6265bis, 4.1.3.2), so that no other host of the domain can set them.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, Signer
from werkzeug.sansio.http import parse_cookie
from werkzeug.wrappers import Response

from app.web.running_service import secret_key
from app.web.security_headers import request_scheme

SIGN_IN_COOKIE = "agenda-organizer"
FORM_COOKIE = "agenda-form"


def cookie_name(name: str, scheme: str) -> str:
    """The name of a cookie; on HTTPS the plain name counts for nothing."""
    return f"__Host-{name}" if scheme == "https" else name


def signed_in_key(cookie_header: str, scheme: str, secret_key: str | bytes) -> str:
    """The key in a Cookie header whose ticket is good, else ""; it needs no request in Flask and no database."""
    value = parse_cookie(cookie_header).get(cookie_name(SIGN_IN_COOKIE, scheme), "")
    try:
        return _signer(secret_key).unsign(value).decode()
    except BadSignature:
        return ""


def sent_key() -> str:
    """The key that this request has, with a good ticket; else ""."""
    return signed_in_key(request.headers.get("Cookie", ""), request_scheme(), secret_key())


def set_sign_in_cookie(response: Response, key: str, lifetime: timedelta) -> None:
    """Give a browser the key of a sign-in and its ticket; a ``lifetime`` of zero takes both away."""
    scheme = request_scheme()
    response.set_cookie(
        cookie_name(SIGN_IN_COOKIE, scheme),
        _signer(secret_key()).sign(key).decode(),
        max_age=lifetime,
        httponly=True,
        samesite="Lax",
        secure=scheme == "https",
        # The prefix `__Host-` asks for this path.
        path="/" if scheme == "https" else "/organizer",
    )


class FormSession(SecureCookieSessionInterface):
    """Flask's session, which holds the token of the console's forms: its name too depends on the scheme."""

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature
        """The name of the session's cookie for this request."""
        return cookie_name(FORM_COOKIE, request_scheme())

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        """Whether the cookie is for HTTPS alone."""
        return request_scheme() == "https"


def _signer(secret_key: str | bytes) -> Signer:
    return Signer(secret_key, salt="agenda-sign-in", digest_method=hashlib.sha256)
