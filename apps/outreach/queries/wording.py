"""The gate's reasons, and what a rule says, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from apps.outreach.domain.gate import NO_RULES

REASONS = {
    "cn-quiet-hours": noop("It is between 22:00 and 08:00 where the customer lives."),
    "cn-connected-calls": noop("The customer was reached by telephone three times today."),
    "cn-unanswered-attempts": noop("Six calls to this number went unanswered today."),
    "cn-debtor-only": noop("Only the customer may be contacted, nobody else."),
    "cn-banned-wording": noop("The text uses banned wording."),
    "contact-point": noop("There is no valid contact point for this channel."),
    "consent": noop("The customer has not agreed to be written to there."),
    "operator-weekly-calls": noop("The customer was called ten times in seven days."),
    "operator-daily-sms": noop("The customer has two text messages today already."),
    "operator-freshness": noop("It has waited too long to be said now."),
    NO_RULES: noop("No conduct rule is in force, so nobody may be contacted."),
}


def sentence(reason: str) -> str:
    """Why the gate said no; an operator's own rule is named by its code."""
    if reason in REASONS:
        return _(REASONS[reason])
    return _("The conduct rule %(rule)s says no.") % {"rule": reason}


def sentences(reasons: Iterable[str]) -> tuple[str, ...]:
    """Each reason as a sentence."""
    return tuple(sentence(reason) for reason in reasons)
