"""A real S3 server (s3proxy on a folder), fetched by Maven when it is first needed."""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ckanext.sdopen.services import commands, stack_state
from ckanext.sdopen.services.layout import PORTAL
from ckanext.sdopen.services.servers import child

_POM = Path(__file__).with_name("s3proxy.xml")
_QUIET = '<configuration><root level="WARN"/></configuration>'
BUCKET = "tables"
KEYS = {
    "AWS_ACCESS_KEY_ID": "identity",
    "AWS_SECRET_ACCESS_KEY": "credential",
    "AWS_REGION": "us-east-1",
}


def _jars() -> Path:
    """The folder of the server's jars, of this pom."""
    build = PORTAL.build / "s3proxy"
    if (build / "pom.xml").exists() and (build / "pom.xml").read_bytes() == _POM.read_bytes():
        return build / "lib"
    work = Path(f"{build}.{os.getpid()}")
    work.mkdir(parents=True)
    shutil.copy(_POM, work / "pom.xml")
    argv = ["mvn", "--batch-mode", "--no-transfer-progress", "--quiet", "--strict-checksums"]
    argv += ["dependency:copy-dependencies", "-DoutputDirectory=lib"]
    commands.run("s3", argv, work / "maven.log", cwd=work)
    shutil.rmtree(build, ignore_errors=True)
    work.rename(build)
    return build / "lib"


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server with one empty bucket, which keeps its objects in a folder; its address."""
    url = f"http://127.0.0.1:{stack_state.free_port()}"
    (folder / "objects" / BUCKET).mkdir(parents=True)
    (folder / "logback.xml").write_text(_QUIET, encoding="utf-8")
    settings = {
        "s3proxy.endpoint": url,
        "s3proxy.authorization": "aws-v2-or-v4",
        "s3proxy.identity": KEYS["AWS_ACCESS_KEY_ID"],
        "s3proxy.credential": KEYS["AWS_SECRET_ACCESS_KEY"],
        "jclouds.provider": "filesystem",
        "jclouds.filesystem.basedir": str(folder / "objects"),
    }
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    (folder / "s3proxy.conf").write_text(lines, encoding="utf-8")
    argv = ["java", "-Xmx256m", "-Dlogback.configurationFile=logback.xml", "-cp", f"{_jars()}/*"]
    argv += ["org.gaul.s3proxy.Main", "--properties", "s3proxy.conf"]
    with child.running(
        "s3",
        argv,
        folder / "s3.log",
        dict(os.environ),
        lambda: _answers(url),
        to_answer=120,
        to_stop=10,
        cwd=folder,
    ):
        yield url
