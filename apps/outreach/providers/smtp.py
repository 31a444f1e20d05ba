"""E-mail over SMTP, through the server that the settings name."""

import smtplib
from email.utils import parseaddr
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMessage

from apps.outreach.domain.delivery import Outgoing, Unavailable, Undeliverable


class Smtp:
    """One e-mail per message; its Message-ID is the reference, so that a mail sent twice can be told to be one."""

    name = "smtp"

    def send(self, message: Outgoing) -> str:
        """Send the mail; answers its Message-ID."""
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        message_id = f"<{quote(message.reference, safe='')}@{sender.rpartition('@')[2]}>"
        mail = EmailMessage(
            subject=message.subject,
            body=message.body,
            to=[message.address],
            headers={"Message-ID": message_id, "List-Unsubscribe": f"<mailto:{sender}?subject=unsubscribe>"},
        )
        try:
            mail.send()
        except ValueError as problem:  # an address or a subject that no mail can carry
            raise Undeliverable(str(problem)) from problem
        except smtplib.SMTPRecipientsRefused as refusal:
            code, answer = next(iter(refusal.recipients.values()))
            raise _failure(code, answer) from refusal
        except smtplib.SMTPDataError as refusal:
            raise _failure(refusal.smtp_code, refusal.smtp_error) from refusal
        except OSError as problem:  # every other SMTPException is one, as is a server that is not there
            raise Unavailable(str(problem)) from problem
        return message_id


def _failure(code: int, answer: bytes | str) -> Undeliverable | Unavailable:
    """What the server's answer means: 5xx is for ever, anything else may pass."""
    sentence = f"{code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
    return Undeliverable(sentence) if code >= 500 else Unavailable(sentence)
