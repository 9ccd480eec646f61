"""A web server on this machine whose one page a test changes: a sheet that people edit, that fails, that moves."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CSV = "text/csv; charset=utf-8"
DRIP_SECONDS = 0.02


@dataclass
class ChangingSite:
    """What the server answers from now on, and the headers of the requests that came.

    With ``etags`` a body has one, and a request that names it is answered by a 304. ``drips``: of the response only
    so many bytes are sent at once, one more each 20 ms after that, until the client leaves.
    """

    address: str = ""
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": CSV})
    etags: bool = False
    drips: int | None = None
    cut: int = 0
    requests: list[Mapping[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def shows(self, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Answer with this from now on; headers are named with underscores."""
        self.body = body.encode() if isinstance(body, str) else body
        self.status = status
        self.headers = {"Content-Type": CSV} | {name.replace("_", "-"): text for name, text in headers.items()}

    def redirects(self, place: str) -> None:
        """Answer with a redirect from now on."""
        self.shows("", 302, Location=place)

    @property
    def etag(self) -> str:
        """The ETag of what is shown."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class Handler(BaseHTTPRequestHandler):
    """Answers with what a site shows."""

    site: ChangingSite

    def do_GET(self) -> None:
        self.site.requests.append(dict(self.headers))
        self.site.paths.append(self.path)
        if self.site.etags and self.site.status == 200 and self.headers["If-None-Match"] == self.site.etag:
            self.send_response_only(304)
            self.end_headers()
            return
        self.send_response_only(self.site.status)
        headers = {"Content-Length": str(len(self.site.body))} | self.site.headers
        for name, text in (headers | ({"ETag": self.site.etag} if self.site.etags else {})).items():
            self.send_header(name, text)
        if self.site.drips is None:
            self.end_headers()
            self.wfile.write(self.site.body[: len(self.site.body) - self.site.cut])
        else:
            self._drip(self.site.drips)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def _drip(self, at_once: int) -> None:
        head = b"".join(self._headers_buffer) + b"X-Long: "
        self._headers_buffer = []
        try:
            self.wfile.write(head[:at_once])
            for byte in head[at_once:] + b"x" * 10_000:
                if self.site.closing.wait(DRIP_SECONDS):
                    return
                self.wfile.write(bytes([byte]))
        except OSError:
            return

    def log_message(self, *_: object) -> None:  # type: ignore[override]
        """Say nothing of each request."""


@contextmanager
def changing_site(certificate: Path | None = None) -> Iterator[ChangingSite]:
    """A site on this machine, over TLS with a certificate that also holds its key."""
    site = ChangingSite()
    handler = type("HandlerOfSite", (Handler,), {"site": site})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        site.address = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/plan.csv"
        yield site
        site.closing.set()
        server.shutdown()


def certificate_for(host: str, folder: Path) -> Path:
    """A file with a new key and the certificate of a host name that it signed itself."""
    key, certificate, both = (folder / f"{host}.{ending}" for ending in ("key", "crt", "pem"))
    made = ("-keyout", key, "-out", certificate, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}")
    command = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", *made)
    subprocess.run(command, check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both
