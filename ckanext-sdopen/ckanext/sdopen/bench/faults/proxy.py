"""A TCP proxy before one part of the portal, on loopback, that misbehaves as it is told to.

It stands between a client and PostgreSQL, Redis or Solr; a change reaches open connections, too.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

from ckanext.sdopen.bench.faults.fault import Fault, Mode
from ckanext.sdopen.bench.faults.link import Link
from ckanext.sdopen.services.addresses import host_and_port

_HOST = "127.0.0.1"
_CHUNK = 64 * 1024
# a trickle flows in so many portions a second
_PORTIONS = 10
# a small buffer: who sends to somebody who does not read notices soon
_BUFFER = 64 * 1024


def _bound(port: int = 0) -> socket.socket:
    """A socket that keeps its port; until it listens, connections are refused."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    made.bind((_HOST, port))
    return made


class Proxy:
    """A proxy before the part that answers at a URL; it passes everything at first."""

    def __init__(self, url: str) -> None:
        self._behind = host_and_port(url)
        self._fault = Fault()
        self._socket = _bound()
        self._listener: asyncio.Server | None = None
        self._links: set[Link] = set()
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.accepted = 0
        self.url = self.before(url)

    def before(self, url: str) -> str:
        """An address of the part, with its own login and path, by way of the proxy."""
        parts = urlsplit(url)
        login, sign, _ = parts.netloc.rpartition("@")
        place = f"{login}{sign}{_HOST}:{self._socket.getsockname()[1]}"
        return urlunsplit(parts._replace(netloc=place))

    def start(self) -> None:
        """Begin to pass."""
        self._thread.start()
        self.become(Fault())

    def become(self, fault: Fault) -> None:
        """Treat everything so from now on."""
        asyncio.run_coroutine_threadsafe(self._become(fault), self._loop).result()

    @contextmanager
    def fault(self, mode: Mode, **how: float) -> Iterator[None]:
        """Misbehave for a while, then pass everything again."""
        self.become(Fault(mode, **how))  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.become(Fault())

    def close(self) -> None:
        """End every connection and listen no more."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._socket.close()

    async def _become(self, fault: Fault) -> None:
        self._fault = fault
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        if fault.mode in (Mode.REFUSE, Mode.RESET):
            self._break_all()
        if fault.mode is Mode.REFUSE:
            self._listen_no_more()
        elif self._listener is None:
            self._listener = await asyncio.start_server(self._serve, sock=self._socket)

    def _listen_no_more(self) -> None:
        if self._listener is not None:
            port = self._socket.getsockname()[1]
            self._listener.close()
            self._listener = None
            self._socket = _bound(port)

    def _break_all(self) -> None:
        for link in self._links:
            link.end(broken=True)

    async def _end(self) -> None:
        self._break_all()
        if self._listener is not None:
            self._listener.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        self.accepted += 1
        link = Link(client)
        self._links.add(link)
        broken = True
        try:
            broken = await self._connected(reader, link)
        except OSError:
            pass  # one of the two sides is gone: so is the other
        finally:
            self._links.discard(link)
            link.end(broken)

    async def _connected(self, reader: asyncio.StreamReader, link: Link) -> bool:
        """Pass what both sides say until one ends; whether the end is to look like a breakdown."""
        if self._fault.mode is Mode.RESET:
            return True
        if self._fault.mode is Mode.STATUS:
            await self._answer(reader, await reader.read(_CHUNK), link)
            return False
        answers, link.behind = await asyncio.open_connection(*self._behind)
        ways = [
            asyncio.create_task(self._ask(reader, link)),
            asyncio.create_task(self._reply(answers, link)),
        ]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            return any(way.result() for way in done)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _ask(self, reader: asyncio.StreamReader, link: Link) -> bool:
        while chunk := await reader.read(_CHUNK):
            link.size = len(chunk) + (link.size if link.asked else 0)
            await self._held(link.size)
            if self._fault.mode is Mode.STATUS:
                await self._answer(reader, chunk, link)
                return False
            link.asked = True
            assert link.behind is not None  # noqa: S101
            await self._pass(chunk, link.behind)
        return False

    async def _reply(self, answers: asyncio.StreamReader, link: Link) -> bool:
        fault, passed = self._fault, 0
        while chunk := await answers.read(_CHUNK):
            await self._held()
            if self._fault is not fault:
                fault, passed = self._fault, 0
            if fault.mode is Mode.DELAY and link.asked:
                await self._sleep(fault.seconds)
            if fault.mode is Mode.MUTE:
                await self._changed.wait()
            if fault.mode in (Mode.SWALLOW, Mode.MUTE):
                return True
            if fault.mode is Mode.CUT:
                chunk = chunk[: fault.after - passed]
            passed += len(chunk)
            link.asked = False
            await self._pass(chunk, link.client)
            if fault.mode is Mode.CUT and passed >= fault.after:
                return False
        return False

    async def _held(self, size: int = 0) -> None:
        """Wait while nothing may pass, or nothing of a request of so many bytes."""
        while self._fault.mode is Mode.BLACK_HOLE or (
            self._fault.mode is Mode.CHOKE and size > self._fault.after
        ):
            await self._changed.wait()

    async def _sleep(self, seconds: float) -> None:
        """Wait so long, or until something else is wanted."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)

    async def _pass(self, chunk: bytes, to: asyncio.StreamWriter) -> None:
        while chunk:
            size = len(chunk)
            if self._fault.mode is Mode.TRICKLE:
                size = max(1, self._fault.rate // _PORTIONS)
                await self._sleep(1 / _PORTIONS)
            to.write(chunk[:size])
            await to.drain()
            chunk = chunk[size:]

    async def _answer(self, reader: asyncio.StreamReader, said: bytes, link: Link) -> None:
        """Read an HTTP request to its end, answer it with the status, and have the link closed."""
        while said and b"\r\n\r\n" not in said:
            chunk = await reader.read(_CHUNK)
            if not chunk:
                return
            said += chunk
        head, _, body = said.partition(b"\r\n\r\n")
        lengths = [
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ]
        left = sum(lengths[:1]) - len(body)
        while left > 0 and (chunk := await reader.read(_CHUNK)):
            left -= len(chunk)
        status = f"HTTP/1.1 {self._fault.status} Fault\r\n"
        link.client.write(f"{status}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await link.client.drain()


@contextmanager
def standing_before(url: str) -> Iterator[Proxy]:
    """A proxy before the part at this URL; `proxy.url` is the same address by way of it."""
    proxy = Proxy(url)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.close()
