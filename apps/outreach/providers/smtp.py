"""E-mail over SMTP, through the server that the settings name."""

import smtplib
from collections.abc import Generator, Sequence
from contextlib import suppress
from email.utils import parseaddr
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from apps.outreach.domain.delivery import Outgoing, Receipt, Unavailable, Undeliverable


class Smtp:
    """One e-mail per message; its Message-ID is the reference, so that a mail sent twice can be told to be one."""

    name = "smtp"

    def send(self, messages: Sequence[Outgoing]) -> Generator[Receipt, None, None]:
        """Send the mails one after another over one connection; answers each one's Message-ID."""
        connection = get_connection()
        try:
            for number, message in enumerate(messages):
                yield _send(message, connection, is_fresh=number == 0)
        finally:
            _hang_up(connection)


def _send(message: Outgoing, connection: BaseEmailBackend, *, is_fresh: bool) -> Receipt:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message_id = f"<{quote(message.reference, safe='')}@{sender.rpartition('@')[2]}>"
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={"Message-ID": message_id, "List-Unsubscribe": f"<mailto:{sender}?subject=unsubscribe>"},
        connection=connection,
    )
    try:
        connection.open()
        mail.send()
    except ValueError as problem:  # an address or a subject that no mail can carry
        return Undeliverable(str(problem))
    except smtplib.SMTPRecipientsRefused as refusal:
        return _failure(*next(iter(refusal.recipients.values())))
    except smtplib.SMTPDataError as refusal:
        return _failure(refusal.smtp_code, refusal.smtp_error)
    except OSError as problem:  # every other SMTPException is one, as is a server that is not there
        if is_fresh or not isinstance(problem, smtplib.SMTPServerDisconnected):
            raise Unavailable(str(problem)) from problem
        _hang_up(connection)  # as servers do after so many mails: once more over a new connection
        return _send(message, connection, is_fresh=True)
    return message_id


def _hang_up(connection: BaseEmailBackend) -> None:
    with suppress(OSError):  # what the server took stays taken, however we part
        connection.close()


def _failure(code: int, answer: bytes | str) -> Undeliverable | Unavailable:
    """What the server's answer means: 5xx is for ever, anything else may pass."""
    sentence = f"{code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
    return Undeliverable(sentence) if code >= 500 else Unavailable(sentence)
