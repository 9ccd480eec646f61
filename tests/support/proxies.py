"""The real Caddy and nginx with the configuration of `deploy/`, before services on this machine."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.processes import end
from support.repository import ROOT
from support.server_processes import free_port
from support.visitor import ANSWERS_WITHIN_SECONDS, Visitor
from support.waiting import wait_until

CADDYFILE = ROOT / "deploy" / "Caddyfile"
NGINX_SITE = ROOT / "deploy" / "nginx.conf"
STARTS_WITHIN_SECONDS = 30
ENDS_WITHIN_SECONDS = 20
# Programs of the system's administrator are not on every path.
PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"))


@dataclass(frozen=True)
class Proxy:
    """A running proxy: its ports, and the certificate that says who it is."""

    name: str
    https: int
    http: int
    certificate: Path

    def browser(self, source: str = "127.0.0.1", seconds: float = ANSWERS_WITHIN_SECONDS) -> Visitor:
        """A browser that trusts it, with an address of its own on the loopback."""
        tls = ssl.create_default_context(cafile=self.certificate)
        return Visitor(f"https://localhost:{self.https}", tls=tls, source=source, seconds=seconds)


def program(name: str) -> str | None:
    """Where a program is; None where it is not there."""
    return shutil.which(name, path=PATH)


@contextmanager
def caddy(folder: Path, upstreams: Sequence[int], https: int) -> Iterator[Proxy]:
    """Caddy on this port, with certificates of its own authority."""
    http = free_port()
    config = folder / "Caddyfile"
    config.write_text(
        "{\n"
        f"\thttp_port {http}\n\thttps_port {https}\n\tadmin off\n\tskip_install_trust\n\tlocal_certs\n"
        f"\tstorage file_system {folder}/storage\n"
        "}\n"
        f"import {CADDYFILE}\n"
    )
    environment = {
        "HOME": str(folder),
        "AGENDA_SITE": "localhost",
        "AGENDA_UPSTREAMS": " ".join(f"127.0.0.1:{port}" for port in upstreams),
    }
    proxy = Proxy("caddy", https, http, folder / "storage/pki/authorities/local/root.crt")
    command = ("caddy", "run", "--adapter", "caddyfile", "--config", str(config))
    with _running(command, folder, environment, lambda: _answers(proxy)):
        yield proxy


@contextmanager
def nginx(folder: Path, upstreams: Sequence[int], https: int) -> Iterator[Proxy]:
    """nginx on this port, with a certificate that it signed itself."""
    http = free_port()
    config = nginx_config(folder, upstreams, https, http)
    proxy = Proxy("nginx", https, http, folder / "fullchain.pem")
    command = ("nginx", "-p", str(folder), "-c", str(config), "-g", "daemon off;")
    with _running(command, folder, {}, lambda: _answers(proxy)):
        yield proxy


def nginx_config(folder: Path, upstreams: Sequence[int], https: int, http: int) -> Path:
    """A configuration of nginx with the site of `deploy/`, and a certificate for it; returns its file."""
    self_signed(folder)
    site = NGINX_SITE.read_text().replace("/etc/letsencrypt/live/agenda.example.org", str(folder))
    site = site.replace("agenda.example.org", "localhost")
    site = re.sub(r"^ *listen \[.*\n", "", site, flags=re.MULTILINE)  # not every machine has IPv6
    site = site.replace("listen 80;", f"listen 127.0.0.1:{http};").replace("listen 443 ", f"listen 127.0.0.1:{https} ")
    servers = "".join(rf"    server 127.0.0.1:{port} \1;\n" for port in upstreams)
    site = re.sub(r" *server 127\.0\.0\.1:8000 (.*);\n", servers, site)
    config = folder / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    # As root nginx gives its work to another user, who may not enter this folder.
    user = "user root;\n" if os.getuid() == 0 else ""
    process = f"{user}pid {folder}/nginx.pid;\nerror_log stderr;\nworker_processes 1;\nevents {{}}\n"
    config.write_text(f"{process}http {{\n{places}\n{site}}}\n")
    return config


def self_signed(folder: Path) -> None:
    """A certificate for localhost, as certbot names its files."""
    files = ("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"))
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    command = (
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    )
    subprocess.run((*command, *files, *subject), check=True, capture_output=True)


@contextmanager
def _running(
    command: Sequence[str], folder: Path, environment: dict[str, str], ready: Callable[[], bool]
) -> Iterator[None]:
    """A proxy's process, once it is ready; it is ended at the end."""
    with (folder / "proxy.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={"PATH": PATH, **environment}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_until(lambda: process.poll() is not None or ready(), STARTS_WITHIN_SECONDS)
            if process.poll() is not None:
                raise RuntimeError((folder / "proxy.log").read_text()[-2000:])
            yield
        finally:
            end(process, ENDS_WITHIN_SECONDS)


def _answers(proxy: Proxy) -> bool:
    """Whether it passes a request on: Caddy has its certificate some moments after it listens."""
    return proxy.certificate.exists() and proxy.browser().answers()
