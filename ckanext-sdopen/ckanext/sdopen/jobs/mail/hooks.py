"""CKAN's own mail goes by the queue, too: invitations, resets, digests of activities."""

from collections.abc import Iterable
from typing import Any

from ckanext.sdopen.jobs.mail import queue
from ckanext.sdopen.jobs.mail.letters import Letter


class MailHooks:
    """What of INotifier concerns mail."""

    def notify_recipient(
        self,
        already_notified: bool,
        recipient_name: str,
        recipient_email: str,
        subject: str,
        body: str,
        body_html: str | None = None,
        headers: dict[str, Any] | None = None,
        attachments: Iterable[tuple[Any, ...]] | None = None,
    ) -> bool:
        """Queue a letter that CKAN or a plugin wants to send; another plugin may have sent it."""
        if not already_notified:
            letter = Letter(recipient_email, subject, body, recipient_name)
            queue.enqueue_at_once(letter, body_html, headers, attachments or ())
        return True
