"""nginx, the front door: its settings from the templates in `config/nginx`.

Limits and places come from SDOPEN_NGINX_* in the environment. The system's own nginx has nothing to
do with it: prefix, pid, logs and temporary files are ours.
"""

import os
import re
import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ckanext.sdopen import plain_answers
from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble

TEMPLATES = plain_answers.FOLDER
PREFIX = "SDOPEN_NGINX_"
# the limits that an operator may set, each by SDOPEN_NGINX_<name>
LIMITS = {
    "BODY": "210m",  # of a request; ckan.max_resource_size and what a form adds
    "HEADER_LINE": "8k",  # the address, and each header
    "HEADER_LINES": "4",  # so many of these in all
    "HEADER_SECONDS": "10",  # until all headers are there
    "BODY_SECONDS": "20",  # between two parts of a body
    "SEND_SECONDS": "30",  # between two parts that a reader takes
    "KEEPALIVE_SECONDS": "30",
    "APPLICATION_SECONDS": "130",  # until the application begins to answer
    "ANSWER_ON_DISK": "1024m",  # of an answer that its reader takes slowly
    "ADDRESS_CONNECTIONS": "256",  # requests of one address at a time
    "CONNECTIONS": "4096",
    "PAGE_SECONDS": "10",  # how long a page for everybody is kept; 0: not at all
    "CACHE_SIZE": "256m",
}
# where it stands, and who else; of production
PLACES = (
    "LISTEN",
    "SERVER_NAME",
    "CERTIFICATE",
    "KEY",
    "PROXIES",
    "GATEWAY",
    "APPLICATION",
    "STATE",
)
_VALUE = re.compile(r"[\w.:/*,\[\] -]*")
_PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
POLICIES = {
    "REFERRER_POLICY": "same-origin",
    "FRAME_OPTIONS": "SAMEORIGIN",
    "PERMISSIONS_POLICY": _PERMISSIONS,
    "CONTENT_POLICY": "default-src 'none'; frame-ancestors 'self'",
    "SAID_POLICY": plain_answers.POLICY,
    "RETRY_SECONDS": str(plain_answers.RETRY_SECONDS),
}
_TLS = "    ssl_certificate {};\n    ssl_certificate_key {};\n    ssl_protocols TLSv1.2 TLSv1.3;\n"
_GATEWAY = """
    location ^~ /gateway/ {{
        proxy_pass http://{};
    }}
"""


def program() -> str:
    """The path of nginx, which an ordinary user's PATH may not hold."""
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin"
    found = shutil.which("nginx", path=path)
    if found is None:
        raise Trouble("install_yourself", things="nginx", packages="nginx")
    return found


def environment(layout: Layout) -> dict[str, str]:
    """What the Procfile's line for nginx needs."""
    return {"SDOPEN_NGINX": program(), "SDOPEN_NGINX_HOME": str(layout.nginx)}


def portal_values(
    layout: Layout, port: int, application: int, storage: str, given: Mapping[str, str]
) -> dict[str, str]:
    """The values of the templates for a portal of this stack.

    Args:
        layout: where the stack keeps its things.
        port: the public port on loopback.
        application: the port of the web server behind it.
        storage: the folder of files.
        given: the environment with the operator's SDOPEN_NGINX_*.

    Raises:
        Trouble: a value is none that nginx's settings may hold.
    """
    chosen = {**LIMITS, "LISTEN": f"127.0.0.1:{port}", "APPLICATION": f"127.0.0.1:{application}"}
    for name in (*LIMITS, *PLACES):
        value = given.get(PREFIX + name, "")
        if value and not _VALUE.fullmatch(value):
            raise Trouble("nginx_value", name=PREFIX + name, value=value)
        if value or name not in chosen:
            chosen[name] = value
    proxies = chosen["PROXIES"].replace(",", " ").split()
    keeps = chosen["PAGE_SECONDS"] != "0"
    return {
        **chosen,
        **POLICIES,
        "SERVER_NAME": chosen["SERVER_NAME"] or "_",
        "TLS": _TLS.format(chosen["CERTIFICATE"], chosen["KEY"]) if chosen["CERTIFICATE"] else "",
        "PROXIES": "".join(f"    set_real_ip_from {proxy};\n" for proxy in proxies),
        "GATEWAY": _GATEWAY.format(chosen["GATEWAY"]) if chosen["GATEWAY"] else "",
        "PAGES": "sdopen_pages" if keeps else "off",
        "STATE": chosen["STATE"] or str(layout.nginx),
        "STORAGE": storage,
        "CKAN_PUBLIC": str(_public(layout)),
        "MIME_TYPES": "/etc/nginx/mime.types",
        # as root its workers are root like everything else here, else they could not read var/
        "USER": "user root;\n" if os.geteuid() == 0 else "",
    }


def _public(layout: Layout) -> Path:
    """CKAN's own static files in the environment, whose Python may not be the one that runs."""
    found = sorted(layout.venv.glob("lib/python3*/site-packages/ckan/public"))
    if not found:
        raise Trouble("not_installed")
    return found[-1]


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with the words in @…@ filled in; an unknown word is a KeyError."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda found: values[found[1]], text)


def write_settings(layout: Layout, values: Mapping[str, str]) -> None:
    """Write nginx.conf and portal.conf, the answers of its own, and the folders that it needs."""
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (layout.nginx / "temp" / name).mkdir(parents=True, exist_ok=True)
    write_answers(layout.nginx)
    for name in ("nginx.conf", "portal.conf"):
        stack_state.write_private(layout.nginx / name, filled(name, values))


def for_production(layout: Layout, port: int, given: Mapping[str, str]) -> str:
    """What an operator's own nginx includes in its `http { … }`; the answers are written beside.

    Raises:
        Trouble: the portal is not installed, or a value is none that the settings may hold.
    """
    behind = stack_state.ports(layout)["web"]
    storage = given.get("CKAN_STORAGE_PATH") or str(layout.storage)
    values = portal_values(layout, port, behind, storage, given)
    write_answers(Path(values["STATE"]))
    return filled("portal.conf", values)


def write_answers(state: Path) -> None:
    """Write what nginx itself says, as pages and for programs."""
    for kind in ("page", "api"):
        folder = state / "_said" / kind
        folder.mkdir(parents=True, exist_ok=True)
        for status in plain_answers.sentences():
            (folder / str(status)).write_bytes(plain_answers.body(status, kind == "api"))


def end_orphans(home: Path) -> None:
    """End what a killed nginx left, and wait until it is gone.

    Its workers do not notice that their master is gone, and would keep the port. They bear the
    number of the master as their session.
    """
    try:
        session = int((home / "nginx.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    if _alive(session):
        return
    while orphans := [pid for pid in _nginx_processes() if _session(pid) == session]:
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


def _alive(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _session(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[3]) if fields and fields[0] != "Z" else 0


def _stat(pid: int) -> list[str]:
    """What the kernel tells of a process after its name; nothing of one that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()


def _nginx_processes() -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):
            if entry.read_text(encoding="utf-8", errors="replace").strip() == "nginx":
                found.append(int(entry.parent.name))
    return found
