"""Answers that need no application: one sentence in both languages, as a page and as JSON.

nginx, the web server and the permits of requests give them; the sentences stand in
`config/nginx/answers.tsv`.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# as `paths` says, which stands in the same row
FOLDER = Path(__file__).parent / "config_files" / "nginx"
# how long a busy portal asks to wait, in seconds
RETRY_SECONDS = 10
_STYLE = (
    "body{margin:0;font:1rem/1.6 system-ui,sans-serif;color:#1f2937;background:#f8fafc}"
    "main{max-width:40rem;margin:15vh auto;padding:0 1rem}h1{font-size:1.4rem}a{color:#1d4ed8}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# nothing but the page's own style; no page shows it in a frame
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'none'"
_API = re.compile(r"/([A-Za-z_]{2,12}/)?api/")


@dataclass(frozen=True)
class Sentence:
    """What is said under a status: `title` for programs, the sentence in both languages."""

    title: str
    zh: str
    en: str


@cache
def sentences() -> dict[int, Sentence]:
    """All of them by their status."""
    lines = (FOLDER / "answers.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {int(status): Sentence(title, zh, en) for status, title, zh, en in rows}


def is_for_program(path: str) -> bool:
    """Whether who asks for this path is answered in JSON."""
    return _API.match(path) is not None


@cache
def body(status: int, program: bool) -> bytes:
    """The answer's body under a known status, in UTF-8: JSON for a program, else a page."""
    sentence = sentences()[status]
    zh, en = (said.format(seconds=RETRY_SECONDS) for said in (sentence.zh, sentence.en))
    if program:
        error = {"__type": sentence.title, "message": f"{zh} {en}"}
        return json.dumps({"success": False, "error": error}, ensure_ascii=False).encode()
    page = (FOLDER / "answer.html").read_text(encoding="utf-8")
    return page.format(status=status, title=sentence.title, zh=zh, en=en, style=_STYLE).encode()


def headers(status: int, program: bool) -> list[tuple[str, str]]:
    """The headers of the answer, but for its length."""
    kind = "application/json" if program else "text/html; charset=utf-8"
    found = [
        ("Content-Type", kind),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
    ]
    return found + ([("Retry-After", str(RETRY_SECONDS))] if status == 503 else [])
