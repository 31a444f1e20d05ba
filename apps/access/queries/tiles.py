"""What approvals have to say on the home page."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access.models import User
from apps.access.queries import approvals, book_wording
from apps.access.registry import Tile
from apps.audit.queries import standing as book_standing


def waiting(user: User) -> Tile:
    """How many requests wait for this user, and since when the oldest."""
    found = approvals.waiting_for(user)
    count, oldest = found.count(), found.order_by("pk").first()
    hint = _("The oldest: %(reference)s") % {"reference": oldest.reference} if oldest else _("Nothing is open.")
    title = ngettext("Approval waiting for you", "Approvals waiting for you", count)
    address = reverse("access:approvals") + "?scope=mine"
    return Tile(title, count, hint, address, _("Open the inbox"), tone="warning" if count else "neutral")


def book(at: dt.datetime) -> Tile | None:
    """An alarm where the trail is not whole, or where nobody can be sure of it; nothing while all is well."""
    standing = book_standing.now(at)
    if standing.is_well:
        return None
    reasons = book_wording.alarms(standing)
    address = reverse("access:book")
    return Tile(_("The audit trail"), _("Alarm"), " ".join(reasons), address, _("Is the book whole?"), tone="bad")
