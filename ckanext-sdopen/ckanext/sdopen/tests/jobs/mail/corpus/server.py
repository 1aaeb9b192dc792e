"""A mail server of somebody else: takes letters by SMTP, or refuses them."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class MailServer:
    """What a mail server took, and whom it refuses."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refused: set[str] = set()
        self.address = ""

    def take(self, content: bytes, to: str) -> None:
        parsed: Any = message_from_bytes(content, policy=policy.default)
        self.messages.append(parsed)
        self.recipients.append(to)

    def bodies_to(self, to: str) -> list[str]:
        """The texts of the letters to somebody, in their order."""
        pairs = zip(self.messages, self.recipients, strict=True)
        return [message.get_content() for message, recipient in pairs if recipient == to]


def _handler(server: MailServer) -> type[socketserver.StreamRequestHandler]:
    class Conversation(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 mail.example ESMTP")
            to = ""
            while line := self.rfile.readline().decode("utf-8", "replace").strip():
                verb, _, rest = line.partition(" ")
                if verb.upper() == "RCPT":
                    to = rest.partition("<")[2].partition(">")[0]
                    self.say("550 no such mailbox" if to in server.refused else "250 OK")
                elif verb.upper() == "DATA":
                    self.say("354 go on")
                    server.take(self.content(), to)
                    self.say("250 OK")
                elif verb.upper() == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 mail.example")

        def content(self) -> bytes:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

    return Conversation


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on loopback."""
    server = MailServer()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(server)) as listening:
        server.address = f"127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
