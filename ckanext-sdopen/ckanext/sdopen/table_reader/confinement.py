"""A process that cannot write: no file of it may hold a byte."""

import resource


def forbid_writing() -> None:
    """Let this process and all that it starts write no byte into a file; pipes stay open to it.

    Without a capability of root's nobody can lift it again.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # what it holds in memory stays out of a file, too
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
