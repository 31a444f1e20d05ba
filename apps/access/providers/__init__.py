"""Writing to the controllers."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from apps.access.models import Emergency

TEXT = """{person} took the role {role} in an emergency ({reference}) until {until}.

Reason: {reason}

The review is due by {due}.
"""


def told(emergency: Emergency) -> bool:
    """Whether the controllers were written to of an emergency; where no address is known, the pages alone tell them."""
    if not settings.CONTROL_EMAILS:
        return True
    text = TEXT.format(
        person=emergency.person.name,
        role=emergency.grant.role.code,
        reference=emergency.reference,
        until=emergency.ends_at.isoformat(timespec="minutes"),
        reason=emergency.reason,
        due=emergency.review_due_date,
    )
    message = EmailMessage(f"Emergency {emergency.reference}: a role was taken", text, to=settings.CONTROL_EMAILS)
    try:
        message.send()
    except (OSError, smtplib.SMTPException):
        return False  # the next run of the task writes again
    return True
