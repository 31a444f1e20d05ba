"""What the home page says about personal values that were shown."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.access.registry import Tile
from apps.customers.queries import reveals


def tile(at: dt.datetime) -> Tile | None:
    """An alarm where somebody had more shown within an hour than the rate allows; nothing while nobody had."""
    found = reveals.alarms(at)
    if not found:
        return None
    names = ", ".join(f"{one.person.name} ({one.most_within_hour})" for one in found)
    return Tile(
        _("Personal values shown"), _("Alarm"), names, reverse("bills:reveals"), _("Who and how many"), tone="bad"
    )
