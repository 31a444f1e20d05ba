"""What statuses, purposes, rules and the gate's reasons are called on a screen."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import registry
from apps.core.registry import Word
from apps.outreach.domain.gate import NO_RULES
from apps.outreach.domain.status import BY_HAND, MessageStatus

Words = Mapping[str, Word]

STATUSES: Words = {
    MessageStatus.PLANNED: Word(gettext_lazy("Waiting"), "info"),
    MessageStatus.SENT: Word(gettext_lazy("Sent"), "good"),
    MessageStatus.FAILED: Word(gettext_lazy("Failed"), "bad"),
    MessageStatus.BLOCKED: Word(gettext_lazy("Blocked"), "warning"),
    MessageStatus.CANCELLED: Word(gettext_lazy("Cancelled")),
}
ANSWERS: Words = {
    "True": Word(gettext_lazy("Allowed"), "good"),
    "False": Word(gettext_lazy("Blocked"), "warning"),
}
PURPOSES: Words = {
    "pre_due": Word(gettext_lazy("Reminder before the due date")),
    "auto_reminder": Word(gettext_lazy("Automatic reminder")),
    "social": Word(gettext_lazy("WeChat and QQ message")),
    BY_HAND: Word(gettext_lazy("Written by hand")),
}
REASONS: Words = {
    "cn-quiet-hours": Word(gettext_lazy("It is between 22:00 and 08:00 where the customer lives.")),
    "cn-connected-calls": Word(gettext_lazy("The customer was reached by telephone three times today.")),
    "cn-unanswered-attempts": Word(gettext_lazy("Six calls to this number went unanswered today.")),
    "cn-debtor-only": Word(gettext_lazy("Only the customer may be contacted, nobody else.")),
    "cn-banned-wording": Word(gettext_lazy("The text uses banned wording.")),
    "contact-point": Word(gettext_lazy("There is no valid contact point for this channel.")),
    "consent": Word(gettext_lazy("The customer has not agreed to be written to there.")),
    "operator-weekly-calls": Word(gettext_lazy("The customer was called ten times in seven days.")),
    "operator-daily-sms": Word(gettext_lazy("The customer has two text messages that day already.")),
    "operator-freshness": Word(gettext_lazy("It has waited too long to be said now.")),
    NO_RULES: Word(gettext_lazy("No conduct rule is in force, so nobody may be contacted.")),
}
RULES: Words = {
    "quiet_hours": Word(gettext_lazy("Quiet hours")),
    "cap": Word(gettext_lazy("Cap")),
    "reachable": Word(gettext_lazy("Contact point")),
    "consent": Word(gettext_lazy("Consent")),
    "debtor_only": Word(gettext_lazy("Debtor only")),
    "wording": Word(gettext_lazy("Banned wording")),
    "freshness": Word(gettext_lazy("Freshness")),
}
WORDS: dict[str, Words] = {
    "message": STATUSES,
    "gate": ANSWERS,
    "purpose": PURPOSES,
    "gate_reason": REASONS,
    "rule": RULES,
}


def sentences(reasons: Iterable[str]) -> tuple[str, ...]:
    """Why the gate said no; an operator's own rule is named by its code."""
    return tuple(
        str(registry.word("gate_reason", reason).label)
        if reason in dict(registry.choices("gate_reason"))
        else _("The conduct rule %(rule)s says no.") % {"rule": reason}
        for reason in reasons
    )
