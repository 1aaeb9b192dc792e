"""The peers of the bulk path, each on the same portal: ckanapi, Solr alone, and the rebuild."""

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ckanext.sdopen.bench.stand import Stand
from ckanext.sdopen.services.running import ready

_SENDERS = 2


class PeerFailed(Exception):
    """A peer did not do its work; the message is its own."""


def ckanapi(stand: Stand, records: Path, count: int) -> float:
    """Entries per second of `ckanapi load datasets -p 2` until all are searchable."""
    arguments = ["load", "datasets", "-I", str(records), "-r", stand.stack.url]
    arguments += ["-a", stand.token, "-p", "2"]
    began = time.perf_counter()
    # its workers are started by its name
    done = subprocess.run(
        [str(stand.stack.layout.venv / "bin" / "ckanapi"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=stand.stack.environment,
    )
    if done.returncode:
        raise PeerFailed(done.stderr[-2000:])
    try:
        stand.wait_until_indexed(count, seconds=30)
    except TimeoutError as error:
        raise PeerFailed(f"{error}\n{done.stderr[-2000:]}") from None
    return count / (time.perf_counter() - began)


def solr_alone(stand: Stand, documents: Path) -> float:
    """Documents per second that an emptied index takes of two senders, by 500, to the commit."""
    stand.solr("/update?commit=true", {"delete": {"query": "*:*"}})
    address = f"{stand.stack.solr_url}/update?commit=false"

    def send(line: bytes) -> int:
        # the list need not be read again here: only Solr is measured
        request = urllib.request.Request(  # noqa: S310  our own service
            address, line, stand.stack.solr_headers
        )
        with ready.DIRECT.open(request, timeout=600) as response:
            json.load(response)
        return 1

    began = time.perf_counter()
    with documents.open("rb") as file, ThreadPoolExecutor(_SENDERS) as pool:
        sum(pool.map(send, _document_lines(file)))
    stand.solr("/update?commit=true&waitSearcher=true", {})
    seconds = time.perf_counter() - began
    return stand.indexed() / seconds


def _document_lines(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines that hold documents."""
    return (line for line in lines if len(line) > len(b"[]\n"))


def rebuild(stand: Stand, entries: int) -> float:
    """Entries per second of `ckan sdopen search rebuild`, by its own count without CKAN's start.

    Raises:
        PeerFailed: it said no rate.
    """
    ckan = stand.stack.ckan
    out = stand.stack.layout.run / "rebuild.txt"
    ckan("index", "sdopen", "search", "rebuild", output=out)
    stand.wait_until_indexed(entries)
    text = out.read_text(encoding="utf-8")
    out.unlink()
    said = re.search(r"(\d+) entries indexed, (\d+)/s", text)
    if said is None or int(said[1]) != entries:
        raise PeerFailed(text[-2000:])
    return float(said[2])
