"""A mail server with STARTTLS on a real socket, and the certificate that it shows."""

import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "localhost"


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321, 3207) as a client needs to hand in a message."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            if word == "EHLO":
                self._say("250-here\r\n250 STARTTLS")
            elif word == "STARTTLS":
                self._say("220 go on")
                if not self._to_tls():
                    return
            elif word == "DATA":
                self._say("354 end with a dot")
                self.server.taken.append(self._message())
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _message(self) -> str:
        return b"".join(iter(self.rfile.readline, b".\r\n")).decode()

    def _to_tls(self) -> bool:
        try:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return False
        self.server.handshakes += 1
        self.setup()
        return True


class MailServer(socketserver.ThreadingTCPServer):
    """What it took, and how often a client agreed to its certificate."""

    daemon_threads = True

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.taken: list[str] = []
        self.handshakes = 0

    @property
    def address(self) -> str:
        """As the setting smtp.server wants it."""
        return f"{NAME}:{self.server_address[1]}"


@contextmanager
def serving(certificate: Path) -> Iterator[MailServer]:
    """A mail server that shows this certificate, until the end of the block."""
    with MailServer(certificate) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path, name: str = NAME) -> Path:
    """A new key and a certificate for a name, signed by itself, in one PEM file."""
    program = shutil.which("openssl")
    assert program, "the tests need openssl"
    made = folder / f"{name}.pem"
    key, shown = folder / f"{name}.key", folder / f"{name}.crt"
    asked = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name}".split()
    named = ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(shown)]
    subprocess.run([program, *asked, *named], check=True, capture_output=True)
    made.write_text(key.read_text() + shown.read_text())
    return made
