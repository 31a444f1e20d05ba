"""What approvals have to say on the home page."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access.domain.emergency import EmergencyState
from apps.access.models import User
from apps.access.queries import approvals, book_wording, delegations, emergencies
from apps.access.queries.days import local_date
from apps.access.registry import Tile
from apps.audit.queries import standing as book_standing
from apps.core.texts import listed


def waiting(user: User, at: dt.datetime) -> Tile:
    """How many requests wait for this user, and since when the oldest."""
    found = approvals.waiting_for(user, at)
    count, oldest = found.count(), found.order_by("pk").first()
    hint = _("The oldest: %(reference)s") % {"reference": oldest.reference} if oldest else _("Nothing is open.")
    title = ngettext("Approval waiting for you", "Approvals waiting for you", count)
    address = reverse("access:approvals") + "?scope=mine"
    return Tile(title, count, hint, address, _("Open the inbox"), tone="warning" if count else "neutral")


def acting_for(user: User, at: dt.datetime) -> Tile | None:
    """In whose name this user decides today; nothing where it is their own alone."""
    today = local_date(at)
    found = [held for held in delegations.received(user, today) if delegations.lapse(held, today) is None]
    if not found:
        return None
    hint = _("%(reference)s, until %(date)s") % {"reference": found[0].reference, "date": found[0].last_date}
    names = listed([held.giver.name for held in found])
    return Tile(_("You decide for"), names, hint, reverse("access:delegations"), _("Open the delegations"))


def emergencies_to_review(at: dt.datetime) -> Tile | None:
    """Roles taken in an emergency that a controller has to close; nothing where there are none."""
    found = list(emergencies.unreviewed())
    if not found:
        return None
    today = local_date(at)
    late = any(emergencies.state(one, today) == EmergencyState.OVERDUE for one in found)
    hint = _("The oldest: %(reference)s") % {"reference": found[0].reference}
    title, address = _("Emergencies to review"), reverse("access:emergencies")
    return Tile(title, len(found), hint, address, _("Open the emergencies"), tone="bad" if late else "warning")


def book(at: dt.datetime) -> Tile | None:
    """An alarm where the trail is not whole, or where nobody can be sure of it; nothing while all is well."""
    standing = book_standing.now(at)
    if standing.is_well:
        return None
    reasons = book_wording.alarms(standing)
    address = reverse("access:book")
    return Tile(_("The audit trail"), _("Alarm"), " ".join(reasons), address, _("Is the book whole?"), tone="bad")
