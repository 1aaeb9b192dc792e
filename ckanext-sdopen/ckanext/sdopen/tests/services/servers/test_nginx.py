"""nginx's settings: filled in whole, from the operator's values, by whoever starts the portal."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running import control
from ckanext.sdopen.services.servers import nginx

ORDINARY = "nobody"


@pytest.fixture
def layout(tmp_path) -> Layout:
    made = Layout(tmp_path)
    made.make()
    return made


def values(layout: Layout, **given: str) -> dict[str, str]:
    named = {f"SDOPEN_NGINX_{name}": value for name, value in given.items()}
    return nginx.portal_values(layout, 5000, 5001, str(layout.storage), named)


def checked(folder: Path, *before: str) -> "subprocess.CompletedProcess[str]":
    """What nginx says of its settings in a folder."""
    argv = [*before, nginx.program(), "-t", "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    # its log of requests is its output, a file of the same user
    with (folder / "log").open("a") as out:
        return subprocess.run(
            argv, stdout=out, stderr=subprocess.PIPE, text=True, check=False, cwd="/"
        )


def test_every_limit_of_the_template_can_be_set_and_every_setting_is_used(layout):
    names = {
        name
        for template in ("nginx.conf", "portal.conf")
        for name in re.findall(r"@([A-Z_]+)@", (nginx.TEMPLATES / template).read_text())
    }
    assert set(nginx.LIMITS) <= names
    for name in nginx.LIMITS:
        assert values(layout, **{name: "7"})[name] == "7"
    nginx.write_settings(layout, values(layout, BODY="7m", HEADER_LINE="16k"))
    written = (layout.nginx / "portal.conf").read_text()
    assert "client_max_body_size 7m;" in written
    assert "large_client_header_buffers 4 16k;" in written
    assert "@" not in re.sub("@sdopen_asked|@…@", "", written)


@pytest.mark.parametrize("value", ["10m; include /etc/passwd", "1 }", "a\nb", "$host", '"'])
def test_a_value_that_could_be_more_than_a_value_is_refused(layout, value):
    with pytest.raises(Trouble) as trouble:
        values(layout, BODY=value)
    assert trouble.value.key == "nginx_value"
    assert "SDOPEN_NGINX_BODY" in str(trouble.value)


def test_nginx_takes_the_settings_without_a_remark(layout):
    nginx.write_settings(layout, values(layout, PAGE_SECONDS="0", GATEWAY="127.0.0.1:9000"))
    said = checked(layout.nginx)
    assert said.returncode == 0, said.stderr
    remarks = [line for line in said.stderr.splitlines() if "[" in line]
    assert remarks == []


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter."""
    folder = Path(tempfile.mkdtemp(prefix="sdopen-front-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_an_ordinary_user_s_nginx_takes_them_too(open_folder, monkeypatch):
    layout = Layout(open_folder)
    layout.make()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    nginx.write_settings(layout, values(layout))
    (layout.nginx / "log").touch()
    for path in (open_folder, *open_folder.rglob("*")):
        shutil.chown(path, ORDINARY)
    said = checked(layout.nginx, "setpriv", f"--reuid={ORDINARY}", "--clear-groups")
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stderr.splitlines() if "[" in line] == []


def test_the_same_template_serves_an_operator_s_own_nginx(layout, capsys, monkeypatch):
    for name, value in {
        "LISTEN": "8443",
        "SERVER_NAME": "data.example.gov.cn",
        "APPLICATION": "127.0.0.1:5001",
        "STATE": str(layout.var / "state"),
        "PROXIES": "10.0.0.0/8",
    }.items():
        monkeypatch.setenv(f"SDOPEN_NGINX_{name}", value)
    assert control.print_front(layout, 5000) == 0
    printed = capsys.readouterr().out
    for line in (
        "listen 8443;",
        "server_name data.example.gov.cn;",
        "server 127.0.0.1:5001;",
        "set_real_ip_from 10.0.0.0/8;",
    ):
        assert line in printed
    assert (layout.var / "state" / "_said" / "page" / "503").exists()
    # an nginx.conf as a system ships it, with what such a file sets already
    (layout.var / "own.conf").write_text(
        "pid own.pid;\nevents { }\nhttp {\n    gzip on;\n    sendfile on;\n    access_log off;\n"
        f"    include {layout.var / 'portal.conf'};\n}}\n"
    )
    (layout.var / "portal.conf").write_text(printed)
    argv = [nginx.program(), "-t", "-p", str(layout.var), "-c", str(layout.var / "own.conf")]
    said = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_with_a_certificate_it_speaks_tls(layout):
    found = values(layout, CERTIFICATE="/etc/ssl/portal.pem", KEY="/etc/ssl/portal.key")
    assert "ssl_certificate /etc/ssl/portal.pem;" in found["TLS"]
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in found["TLS"]
