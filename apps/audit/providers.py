"""Handing a checkpoint to somebody outside: by mail, or to a web address under a keyed digest."""

import hashlib
import hmac
import smtplib
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from apps.audit.domain.anchoring import MAIL
from apps.audit.domain.note import Checkpoint

PATIENCE = 10  # seconds
TEXT = """This is a signed checkpoint of the audit trail {origin}: {size} events.

Keep this message. Should anybody change the trail later, the checkpoint shows it: the attached file is what a
verification compares the trail with.
"""


class Undelivered(Exception):
    """Why a checkpoint did not arrive, in a few words."""


def send(address: str, note: str, checkpoint: Checkpoint) -> None:
    """Hand the note over; `Undelivered` where it did not arrive."""
    if address.startswith(MAIL):
        _mail(address.removeprefix(MAIL), note, checkpoint)
    else:
        _post(address, note)


def signature(secret: str, body: bytes) -> str:
    """The header `X-Whiteslip-Signature`: HMAC-SHA-256 of the body."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _mail(to: str, note: str, checkpoint: Checkpoint) -> None:
    subject = f"Checkpoint of {checkpoint.origin}: {checkpoint.size} events"
    body = TEXT.format(origin=checkpoint.origin, size=checkpoint.size)
    message = EmailMessage(subject, f"{body}\n{note}", to=[to])
    message.attach(f"checkpoint-{checkpoint.size}.txt", note.encode(), "application/octet-stream")
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(f"{type(error).__name__}: {error}") from error


def _post(address: str, note: str) -> None:
    if not settings.AUDIT_ANCHOR_SECRET:
        raise Undelivered("AUDIT_ANCHOR_SECRET is not set")
    if urlsplit(address).scheme not in ("http", "https"):
        raise Undelivered("not a web address")
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "X-Whiteslip-Signature": signature(settings.AUDIT_ANCHOR_SECRET, note.encode()),
    }
    request = urllib.request.Request(address, note.encode(), headers, method="POST")  # noqa: S310 - the scheme is known
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310 - the scheme is known
            pass
    except urllib.error.HTTPError as error:
        raise Undelivered(f"answered {error.code}") from error
    except OSError as error:
        raise Undelivered(f"{type(error).__name__}: {error}") from error
