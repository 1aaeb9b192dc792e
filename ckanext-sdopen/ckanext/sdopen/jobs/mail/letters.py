"""Letters: what is sent to whom, and who writes the letters of a kind."""

import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email import policy, utils
from email.message import EmailMessage
from typing import Any

import ckan.plugins.toolkit as tk


@dataclass(frozen=True)
class Letter:
    """A letter to one recipient."""

    to: str
    subject: str
    body: str
    name: str = ""


# {kind: what writes the letters of it}; a capability registers its own when it is loaded
Writer = Callable[[Mapping[str, Any]], Iterable[Letter]]
WRITERS: dict[str, Writer] = {}


def message(
    letter: Letter,
    html: str | None = None,
    headers: Mapping[str, Any] | None = None,
    attachments: Iterable[tuple[Any, ...]] = (),
) -> bytes:
    """A letter as the mail server gets it; its lines of the head are one line each."""
    made = EmailMessage(policy=policy.SMTP)
    made.set_content(letter.body, cte="base64")
    if html:
        made.add_alternative(html, subtype="html", cte="base64")
    for name, value in (headers or {}).items():
        del made[name]
        made[name] = _line(value)
    made["Subject"] = _line(letter.subject)
    made["From"] = _mailbox(tk.config["ckan.site_title"], tk.config["smtp.mail_from"])
    made["To"] = _mailbox(letter.name, letter.to)
    made["Date"] = utils.formatdate()
    made["Message-ID"] = utils.make_msgid(domain="localhost")
    if tk.config["smtp.reply_to"] and "Reply-To" not in made:
        made["Reply-To"] = _line(tk.config["smtp.reply_to"])
    for attachment in attachments:
        _attach(made, *attachment)
    return made.as_bytes()


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())


def _mailbox(name: Any, address: Any) -> str:
    return utils.formataddr((_line(name), _line(address)))


def _attach(made: EmailMessage, name: str, file: Any, media_type: str | None = None) -> None:
    kind = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    content = file.read()
    content = content.encode() if isinstance(content, str) else content
    main, _, sub = kind.partition("/")
    made.add_attachment(content, maintype=main, subtype=sub, filename=name)
