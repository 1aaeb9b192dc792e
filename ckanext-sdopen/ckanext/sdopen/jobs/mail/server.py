"""The mail server: one letter, handed over by SMTP within bounds of time.

All mail goes this way, CKAN's own too (`hooks`): CKAN 2.12's mailer calls `starttls()` without a
context, which accepts any certificate (CVE-2026-41132).
"""

import smtplib
import ssl
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.sdopen.errors import SdopenError

_SECONDS = 30


class Silent(SdopenError):
    """The mail server cannot be used now: nothing else need be tried."""


class Refused(SdopenError):
    """The mail server took the conversation, but not this letter."""


def hand_over(to: str, message: bytes) -> None:
    """Give one message to the mail server of the settings.

    Raises:
        Silent: none is configured, it does not answer in time, or refuses us.
        Refused: it does not take this message.
    """
    host, port = _address()
    try:
        with smtplib.SMTP(host, port, timeout=_SECONDS) as server:
            _introduce(server)
            try:
                server.sendmail(str(tk.config["smtp.mail_from"] or ""), [to], message)
            except (
                smtplib.SMTPRecipientsRefused,
                smtplib.SMTPSenderRefused,
                smtplib.SMTPDataError,
                smtplib.SMTPNotSupportedError,
            ) as error:
                raise Refused(f"the mail server refuses the letter: {_said(error)}") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Silent(f"the mail server cannot be used: {_said(error)}") from None


def _address() -> tuple[str, int]:
    written = str(tk.config["smtp.server"] or "")
    parts = urlsplit(written if "://" in written else f"smtp://{written}")
    try:
        host, port = parts.hostname, parts.port or 0
    except ValueError:
        host, port = None, 0
    if not host:
        raise Silent("no mail server is configured: set smtp.server")
    return host, port


def _introduce(server: smtplib.SMTP) -> None:
    """Encrypt with a certificate that is checked, and log in, as the settings say."""
    server.ehlo()
    if tk.config["smtp.starttls"]:
        server.starttls(context=_trusting())
        server.ehlo()
    if tk.config["smtp.user"]:
        server.login(str(tk.config["smtp.user"]), str(tk.config["smtp.password"] or ""))


def _trusting() -> ssl.SSLContext:
    """What checks the server's certificate: by the file that is set, else by the system's own."""
    trusted = str(tk.config["ckanext.sdopen.guard.smtp_ca_file"] or "")
    return ssl.create_default_context(cafile=trusted or None)


def _said(error: Exception) -> str:
    """What happened, without words of the server, which may repeat an address or a password."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
