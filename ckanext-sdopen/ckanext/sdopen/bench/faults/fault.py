"""Ways in which a part that is asked over TCP may misbehave."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How the proxy treats what passes it."""

    PASS = "pass"  # noqa: S105
    REFUSE = "refuse"
    RESET = "reset"
    BLACK_HOLE = "black hole"
    DELAY = "delay"
    TRICKLE = "trickle"
    CUT = "cut"
    CHOKE = "choke"
    SWALLOW = "swallow"
    MUTE = "mute"
    STATUS = "status"


@dataclass(frozen=True)
class Fault:
    """One way to misbehave.

    Args:
        mode: REFUSE listens no more, RESET breaks each connection, BLACK_HOLE takes connections and
            neither reads nor answers, SWALLOW passes the request and breaks instead of an answer,
            MUTE passes the request, keeps the answer for ever and leaves the connection open.
        seconds: by how much DELAY lets each answer begin later.
        rate: the bytes a second, each way, that TRICKLE passes.
        after: the bytes of answers after which CUT breaks a connection, and the bytes of one
            request beyond which CHOKE passes nothing more of it.
        status: what STATUS answers to HTTP requests, which reach nobody.
    """

    mode: Mode = Mode.PASS
    seconds: float = 1.0
    rate: int = 1024
    after: int = 0
    status: int = 503
