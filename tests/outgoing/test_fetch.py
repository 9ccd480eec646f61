"""Fetching an address of another host: which may be called, what is understood, and where it ends."""

from __future__ import annotations

import gzip
import ipaddress
import shutil
import socket
import threading
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.changing_site import ChangingSite, certificate_for, changing_site

from app.outgoing.fetch import HTTP_TOO, NO_VALIDATORS, Caller, FetchRefused, Validators, fetch
from app.outgoing.reachable import IP, Allowed

HERE = ipaddress.ip_address("127.0.0.1")
PUBLIC = ipaddress.ip_address("8.8.8.8")
MOST_BYTES = 1000
CHUNK = 65_536
TYPED = Caller(most_bytes=MOST_BYTES, schemes=HTTP_TOO, given_may_be_private=True)
ALLOWED = Caller(most_bytes=MOST_BYTES, schemes=HTTP_TOO, allowed=Allowed.read("127.0.0.1"))
STRICT = Caller(most_bytes=MOST_BYTES, schemes=HTTP_TOO)
TEXT = b"Start,Title\n9:00,On roots\n"


@pytest.fixture
def site() -> Iterator[ChangingSite]:
    with changing_site() as site:
        site.shows(TEXT)
        yield site


@pytest.fixture
def other() -> Iterator[ChangingSite]:
    with changing_site() as site:
        site.shows("other")
        yield site


def reason(address: str, caller: Caller = ALLOWED) -> str:
    """Why an address is refused."""
    with pytest.raises(FetchRefused) as refused:
        fetch(address, caller)
    return refused.value.reason


def test_an_address_gives_its_bytes_name_and_validators(site: ChangingSite) -> None:
    site.shows(TEXT, ETag='"a1"', Last_Modified="Fri, 18 Jul 2025 09:00:00 GMT")
    found = fetch(site.address, ALLOWED)
    assert (found.data, found.name, found.address, found.private) == (TEXT, "plan.csv", site.address, True)
    assert found.validators == Validators('"a1"', "Fri, 18 Jul 2025 09:00:00 GMT")


def test_what_is_known_is_asked_about_and_a_304_says_that_it_still_holds(site: ChangingSite) -> None:
    site.etags = True
    known = fetch(site.address, ALLOWED).validators
    assert fetch(site.address, ALLOWED, known).data is None
    site.shows("another")
    assert fetch(site.address, ALLOWED, known).data == b"another"


@pytest.mark.parametrize("etag", ['"\xe9"', f'"{"x" * 300}"'])
def test_a_validator_that_cannot_be_sent_back_is_not_kept(site: ChangingSite, etag: str) -> None:
    site.shows(TEXT, ETag=etag)
    assert fetch(site.address, ALLOWED).validators == NO_VALIDATORS


def test_a_private_address_is_refused_unless_it_was_typed_or_is_allowed(site: ChangingSite) -> None:
    said = "it is at a private address (127.0.0.1); AGENDA_OUTGOING_ALLOW can allow it"
    assert reason(site.address, STRICT) == said
    assert site.requests == []
    assert [fetch(site.address, caller).data for caller in (TYPED, ALLOWED)] == [TEXT, TEXT]


def test_a_name_is_resolved_once_and_exactly_what_was_checked_is_connected_to(site: ChangingSite) -> None:
    asked: list[str] = []

    def resolve(host: str) -> Sequence[IP]:
        asked.append(host)
        return [HERE] if len(asked) == 1 else [PUBLIC]

    address = site.address.replace("127.0.0.1", "sheet.example")
    assert fetch(address, replace(ALLOWED, resolve=resolve)).data == TEXT
    assert (asked, site.requests[0]["Host"]) == (["sheet.example"], address.split("/")[2])


def test_a_name_with_one_private_address_is_refused(site: ChangingSite) -> None:
    address = site.address.replace("127.0.0.1", "sheet.example")
    said = "it is at a private address (127.0.0.1); AGENDA_OUTGOING_ALLOW can allow it"
    assert reason(address, replace(STRICT, resolve=lambda _: [PUBLIC, HERE])) == said


def test_the_next_address_of_a_host_is_tried_where_one_does_not_answer(site: ChangingSite) -> None:
    addresses = [ipaddress.ip_address("127.0.0.2"), HERE]
    address = site.address.replace("127.0.0.1", "sheet.example")
    caller = replace(ALLOWED, allowed=Allowed.read("127.0.0.0/8"), resolve=lambda _: addresses)
    assert fetch(address, caller).data == TEXT


@pytest.mark.parametrize("place", ["http://10.0.0.1/", "http://[::1]/", "http://0.0.0.0/", "http://sheet.example/"])
def test_a_redirect_to_a_private_address_is_refused(site: ChangingSite, place: str) -> None:
    site.redirects(place)
    for caller in (ALLOWED, TYPED):
        said = reason(site.address, replace(caller, resolve=lambda _: [ipaddress.ip_address("10.0.0.1")]))
        assert said.startswith("it redirects to a private address (")


def test_a_typed_public_name_does_not_become_private_by_a_redirect_to_itself() -> None:
    with changing_site() as site:
        site.redirects("/again.csv")
        answers = iter([[HERE], [ipaddress.ip_address("127.0.0.2")]])
        address = site.address.replace("127.0.0.1", "sheet.example")
        said = reason(address, replace(TYPED, resolve=lambda _: next(answers)))
    assert said == "it redirects to a private address (127.0.0.2); AGENDA_OUTGOING_ALLOW can allow it"


def test_a_redirect_within_the_typed_host_is_followed(site: ChangingSite, other: ChangingSite) -> None:
    site.redirects(other.address)
    found = fetch(site.address, TYPED)
    assert (found.data, found.address) == (b"other", other.address)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_each_kind_of_redirect_is_followed(site: ChangingSite, other: ChangingSite, status: int) -> None:
    site.shows("", status, Location=other.address)
    assert fetch(site.address, ALLOWED).data == b"other"


def test_a_redirect_has_letters_of_any_language(site: ChangingSite, other: ChangingSite) -> None:
    site.redirects(other.address.replace("plan", "zeitplän").encode().decode("latin-1"))
    fetch(site.address, ALLOWED)
    assert other.paths == ["/zeitpl%C3%A4n.csv"]


def test_redirects_in_a_circle_end(site: ChangingSite) -> None:
    site.redirects("/again")
    assert (reason(site.address), len(site.requests)) == ("it redirects more than 5 times", 6)


def test_a_redirect_to_a_sign_in_says_so(site: ChangingSite) -> None:
    site.redirects("https://accounts.google.com/ServiceLogin?continue=x")
    assert reason(site.address) == "it asks for a sign-in; let anyone with the link read it, or save it as CSV"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://sheet.example/", "only https can be fetched, not http"),
        ("ftp://sheet.example/", "only https can be fetched, not ftp"),
        ("file:///etc/passwd", "only https can be fetched, not file"),
        ("https://me:secret@sheet.example/", "it has a name or password in it, which would be kept and shown"),
    ],
)
def test_only_https_without_a_password_is_called_by_the_service(address: str, said: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        fetch(address, Caller(most_bytes=MOST_BYTES))
    assert refused.value.reason.startswith(said)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "its server answers 404 Not Found"),
        (410, "its server answers 410 Gone"),
        (500, "its server answers 500 Internal Server Error"),
        (204, "its server answers 204 No Content"),
        (401, "its server answers 401 Unauthorized: it asks for a sign-in; let anyone with the link read it, or save"),
        (403, "its server answers 403 Forbidden: not everybody may read it; let anyone with the link do so, or save"),
        (503, "its server answers 503 Service Unavailable: it cannot be read at the moment"),
    ],
)
def test_a_status_that_brings_nothing_is_the_reason(site: ChangingSite, status: int, said: str) -> None:
    site.shows("", status)
    assert reason(site.address).startswith(said)


def test_the_words_of_a_server_come_without_control_characters_and_short(site: ChangingSite) -> None:
    site.shows("", 200, Content_Encoding="\x1b[31mred" + "x" * 500)
    assert reason(site.address) == f"it is compressed ([31mred{'x' * 192}), which was not asked for"


def test_what_is_no_http_is_refused_in_one_short_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        thread = threading.Thread(target=answer_once, args=(server, b"\x1b[31mSSH-2.0\r" + b"x" * 900 + b"\r\n\r\n"))
        thread.start()
        said = reason(f"http://127.0.0.1:{server.getsockname()[1]}/plan.csv")
        thread.join()
    assert (said.isprintable(), len(said) < 250, said.startswith("it cannot be fetched (")) == (True, True, True)


def answer_once(server: socket.socket, data: bytes) -> None:
    """Send something to the first client."""
    with server.accept()[0] as connection:
        connection.recv(CHUNK)
        connection.sendall(data)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"Retry_After": "120"}, 120),
        ({"Retry_After": "999999999999"}, 86400),
        ({"Date": "Fri, 18 Jul 2025 09:00:00 GMT", "Retry_After": "Fri, 18 Jul 2025 09:02:00 GMT"}, 120),
        ({"Date": "Fri, 18 Jul 2025 09:00:00 GMT", "Retry_After": "Fri, 18 Jul 2025 08:02:00 GMT"}, 0),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone_is_understood(
    site: ChangingSite, said: dict[str, str], seconds: int | None
) -> None:
    site.shows("", 429, **said)
    with pytest.raises(FetchRefused) as refused:
        fetch(site.address, ALLOWED)
    assert refused.value.retry_after_seconds == seconds


@pytest.mark.parametrize("at_once", [0, 200])
def test_a_server_that_drips_its_headers_ends_with_the_time_in_all(site: ChangingSite, at_once: int) -> None:
    site.drips = at_once
    said = reason(site.address, replace(ALLOWED, longest_seconds=0.3))
    assert said == "it did not end within 0.3 seconds"


def test_a_server_that_is_silent_is_left() -> None:
    # The system accepts the connection; nobody reads what comes on it.
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/plan.csv"
        assert reason(address, replace(ALLOWED, silence_seconds=0.2)) == "it was silent for 0.2 seconds"


def test_half_a_body_is_none(site: ChangingSite) -> None:
    site.cut = 5
    assert reason(site.address) == "it ended before all of it was sent"


def test_of_a_body_that_is_too_large_one_byte_more_than_may_be_is_read(site: ChangingSite) -> None:
    site.shows(b"x" * 100_000)
    assert fetch(site.address, ALLOWED).data == b"x" * (MOST_BYTES + 1)


def test_what_is_compressed_unasked_is_unpacked(site: ChangingSite) -> None:
    for body, coding in ((gzip.compress(TEXT), "gzip"), (zlib.compress(TEXT), "deflate")):
        site.shows(body, Content_Encoding=coding)
        assert fetch(site.address, ALLOWED).data == TEXT
    assert site.requests[0]["Accept-Encoding"] == "identity"


def test_what_is_compressed_is_limited_after_it_is_unpacked(site: ChangingSite) -> None:
    site.shows(gzip.compress(b"x" * 1_000_000), Content_Encoding="gzip")
    caller = replace(ALLOWED, most_bytes=5000)
    assert len(site.body) < 5000
    assert fetch(site.address, caller).data == b"x" * 5001


@pytest.mark.parametrize(
    ("body", "coding", "said"),
    [
        (gzip.compress(TEXT)[:-9], "gzip", "it ended before all of it was sent"),
        (b"no gzip", "gzip", "it is compressed, and damaged"),
        (b"x", "br", "it is compressed (br), which was not asked for"),
    ],
    ids=["cut off", "not what it says", "a coding not asked for"],
)
def test_what_cannot_be_unpacked_is_refused(site: ChangingSite, body: bytes, coding: str, said: str) -> None:
    site.shows(body, Content_Encoding=coding)
    assert reason(site.address) == said


def test_a_connection_that_is_refused_says_so() -> None:
    assert reason("http://127.0.0.1:1/plan.csv") == "it cannot be fetched (Connection refused)"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate of sheet.example, which is trusted."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    file = certificate_for("sheet.example", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


def test_over_tls_the_certificate_must_be_that_of_the_host_name(certificate: Path) -> None:
    caller = replace(ALLOWED, resolve=lambda _: [HERE], schemes=frozenset({"https"}))
    with changing_site(certificate) as site:
        site.shows(TEXT)
        assert fetch(site.address.replace("127.0.0.1", "sheet.example"), caller).data == TEXT
        said = reason(site.address.replace("127.0.0.1", "other.example"), caller)
    assert "Hostname mismatch, certificate is not valid for 'other.example'" in said


def test_a_redirect_from_https_to_http_is_refused(certificate: Path) -> None:
    caller = replace(ALLOWED, resolve=lambda _: [HERE])
    with changing_site(certificate) as site:
        site.redirects("http://sheet.example/")
        said = reason(site.address.replace("127.0.0.1", "sheet.example"), caller)
    assert said == "it redirects from https to http, on which anybody between could change it"


def test_a_proxy_is_asked_with_the_whole_address_and_resolves_it_itself(site: ChangingSite) -> None:
    proxies = {"http": site.address.replace("//", "//me:pass@").removesuffix("/plan.csv")}
    assert fetch("http://sheet.example/plan.csv?a=1", replace(TYPED, proxies=proxies)).data == TEXT
    assert site.paths == ["http://sheet.example:80/plan.csv?a=1"]
    assert site.requests[0]["Proxy-Authorization"] == "Basic bWU6cGFzcw=="


def test_behind_a_proxy_too_a_redirect_to_a_private_address_in_numbers_is_refused(site: ChangingSite) -> None:
    site.redirects("http://10.0.0.1/")
    said = reason("http://sheet.example/", replace(TYPED, proxies={"http": site.address.removesuffix("/plan.csv")}))
    assert said.startswith("it redirects to a private address (10.0.0.1)")
