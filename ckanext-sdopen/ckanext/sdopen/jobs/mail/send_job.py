"""Mail that is due, sent by the processes of background work."""

from ckanext.sdopen.jobs.kinds import Periodic, Queue
from ckanext.sdopen.jobs.mail import sending

__all__ = ["MAIL_SEND"]

# a letter just queued is due at once; looking whether there is one costs little
_EVERY = 5.0


def _send() -> str:
    return f"{sending.send_due()} letters sent"


MAIL_SEND = Periodic("mail_send", Queue.MAIL, lambda: _EVERY, _send, 900.0)
