"""The commands behind scripts/portal, scripts/test and scripts/check."""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence

from ckanext.sdopen.services import commands, testing
from ckanext.sdopen.services.checking import checks
from ckanext.sdopen.services.layout import PORTAL, PRIVATE
from ckanext.sdopen.services.messages import Trouble, accept_any_terminal, complain, text
from ckanext.sdopen.services.portal import Wish, install_and_start, start
from ckanext.sdopen.services.running import control

INTERRUPTED = 130


def _port(said: str) -> int:
    """A port number as the command line gives it."""
    port = int(said) if said.isascii() and said.isdigit() else 0
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(text("port_impossible", port=said))
    return port


def parser() -> argparse.ArgumentParser:
    """The command line of scripts/portal."""
    top = argparse.ArgumentParser(prog="scripts/portal", description=text("help"))
    top.add_argument(
        "verb",
        nargs="?",
        default="start",
        choices=("start", "status", "stop", "reset", "nginx"),
        help=text("help_verb"),
    )
    top.add_argument("--port", type=_port, default=5000, help=text("help_port"))
    top.add_argument(
        "--sample", action=argparse.BooleanOptionalAction, default=None, help=text("help_sample")
    )
    top.add_argument("--yes", action="store_true", help=text("help_yes"))
    return top


def portal(arguments: Sequence[str]) -> int:
    """scripts/portal."""
    asked = parser().parse_args(arguments)
    if asked.verb == "status":
        return control.status(PORTAL)
    if asked.verb == "stop":
        return control.stop(PORTAL)
    if asked.verb == "reset":
        return control.reset(PORTAL, asked.yes)
    if asked.verb == "nginx":
        return control.print_front(PORTAL, asked.port)
    return install_and_start(Wish(asked.port, asked.sample))


def serve(arguments: Sequence[str]) -> int:
    """The second half of scripts/portal, in the project's own Python."""
    asked = parser().parse_args(arguments)
    return start(Wish(asked.port, asked.sample))


def check(arguments: Sequence[str]) -> int:
    """scripts/check."""
    return checks.check()


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "portal": portal,
    "serve": serve,
    "test": testing.install_and_test,
    "pytest": testing.test,
    "stand": testing.stand,
    "check": check,
}


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(argv: Sequence[str]) -> int:
    """Run one command; every trouble ends in one sentence and a status that is not 0."""
    accept_any_terminal()
    os.umask(PRIVATE)
    # set by hand: a shell's background job starts deaf to Ctrl-C
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return COMMANDS[argv[0]](argv[1:])
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    except (KeyboardInterrupt, commands.Stopped):
        complain(text("interrupted"))
        return INTERRUPTED
    except OSError as error:
        complain(_spoken(error))
        return 1


def _spoken(error: OSError) -> str:
    """A system error as a sentence with its remedy."""
    key = {
        errno.ENOSPC: "disk_full_here",
        errno.EDQUOT: "disk_full_here",
        errno.EACCES: "not_allowed",
        errno.EPERM: "not_allowed",
    }.get(error.errno or 0, "system_error")
    return text(key, file=error.filename or "", error=error.strerror or error)


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    sys.exit(main(sys.argv[1:]))
