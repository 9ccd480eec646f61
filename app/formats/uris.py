"""Addresses as strict formats want them: absolute, http or https, of ASCII alone (RFC 3986)."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

# Allowed in a path, query or fragment as they are; `%` because what is quoted stays so.
_PATH = "/:@!$&'()*+,;=-._~%"
_QUERY = f"{_PATH}?"


def strict_uri(address: str) -> str | None:
    """The address in ASCII; None when it is not an absolute one of the web."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not host or not _is_host(host):
        return None
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    path = _quoted(parts.path, _PATH)
    return urlunsplit((parts.scheme, netloc, path, _quoted(parts.query, _QUERY), _quoted(parts.fragment, _QUERY)))


def _is_host(host: str) -> bool:
    return all(char.isascii() and (char.isalnum() or char in ".-:_") for char in host)


def _quoted(part: str, safe: str) -> str:
    """Percent-encoded where it must be; a lone `%` as well."""
    pieces = part.split("%")
    quoted = [quote(pieces[0], safe=safe, errors="replace")]
    for piece in pieces[1:]:
        hexed = len(piece) > 1 and all(char in "0123456789abcdefABCDEF" for char in piece[:2])
        quoted.append(("%" if hexed else "%25") + quote(piece, safe=safe, errors="replace"))
    return "".join(quoted)
