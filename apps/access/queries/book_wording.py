"""What is not well with the book, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.audit.queries.standing import Standing


def alarms(standing: Standing) -> list[str]:
    """A sentence for each alarm; none while all is well."""
    found = []
    if standing.is_late:
        found.append(
            _("The oldest event without a seal is %(seconds)d seconds old.") % {"seconds": standing.lag_seconds}
        )
    if count := standing.unattributed:
        sentence = ngettext("%(n)s change has no operation.", "%(n)s changes have no operation.", count)
        found.append(sentence % {"n": f"{count:,}"})
    if count := standing.missing_triggers:
        found.append(ngettext("%(n)s trigger is missing.", "%(n)s triggers are missing.", count) % {"n": count})
    if standing.verified is not None and standing.verified.state == "faulty":
        found.append(_("The last verification found faults."))
    if standing.verified is not None and standing.verified.state == "broken_off":
        found.append(_("The last verification broke off."))
    return found
