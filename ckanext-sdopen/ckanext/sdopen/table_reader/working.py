"""One of the processes that answer: confined first, then it listens where its keeper listens."""

import asyncio
import os
import signal
import socket

import uvicorn

from ckanext.sdopen.table_reader import confinement
from ckanext.sdopen.table_reader.application import application
from ckanext.sdopen.table_reader.settings import Settings

# seconds between two signs of life
BEAT = 1.0
# seconds that requests have to end when the process is to
_TO_END = 5


def work(listening: int, alive: int) -> None:
    """Answer requests until SIGTERM.

    Args:
        listening: the descriptor of a socket that listens.
        alive: the descriptor of a pipe for signs of life.
    """
    confinement.forbid_writing()
    config = uvicorn.Config(
        application(Settings.of()),
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_TO_END,
    )
    asyncio.run(_serve(uvicorn.Server(config), socket.socket(fileno=listening), alive))


async def _serve(server: uvicorn.Server, listening: socket.socket, alive: int) -> None:
    beating = asyncio.create_task(_beat(alive))
    await server.serve(sockets=[listening])
    beating.cancel()


async def _beat(alive: int) -> None:
    """Give signs of life; end with the keeper, who alone reads them."""
    while True:
        try:
            os.write(alive, b".")
        except BrokenPipeError:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        await asyncio.sleep(BEAT)
