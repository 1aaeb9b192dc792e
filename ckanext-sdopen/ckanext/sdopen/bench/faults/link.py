"""A connection that passes the proxy: the client's side and the one behind it."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

# closing such a socket tells the other side that the connection is broken
_BREAKS = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class Link:
    """A client's connection and the one behind it."""

    client: asyncio.StreamWriter
    behind: asyncio.StreamWriter | None = None
    # whether something was asked and no byte of the answer has passed yet
    asked: bool = False
    # the bytes of what is asked just now
    size: int = 0

    def end(self, broken: bool = False) -> None:
        """Close both sides; the client sees an orderly end unless it is to be `broken`."""
        for writer in filter(None, (self.client, self.behind)):
            if broken:
                with suppress(OSError):
                    link = writer.get_extra_info("socket")
                    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _BREAKS)
                writer.transport.abort()
            else:
                writer.close()
