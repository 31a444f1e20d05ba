"""What holds and disputes have to say on the home page, and where the search box leads."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access.models import User
from apps.access.registry import Tile
from apps.cases.domain.disputes import AHEAD
from apps.cases.queries import disputes as queries
from apps.cases.queries import orphans as stranded
from apps.cases.queries.tiles import due, page_of
from apps.closing import queries as closing

DAY = dt.timedelta(1)


def orphans(user: User) -> Tile | None:
    """How many open cases have no next step: there are to be none."""
    last = closing.last_closed_date()
    if last is None:
        return None
    count = stranded.of(user, last + DAY).count()
    title = ngettext("Case without a next step", "Cases without a next step", count)
    hint = _("No task, no hold, no promise, no stage to come")
    return Tile(title, count, hint, reverse("cases:orphans"), _("See them"), "bad" if count else "good")


def disputes(user: User) -> Tile | None:
    """How many disputes wait for their answer, and how many of them are overdue or nearly so."""
    waiting, last = queries.undecided(user), closing.last_closed_date()
    count = waiting.count()
    if last is None or not count:
        return None
    hint, tone = due(waiting, last + DAY, AHEAD)
    title = ngettext("Dispute to be answered", "Disputes to be answered", count)
    return Tile(title, count, hint, reverse("cases:disputes"), _("Open the disputes"), tone)


def find_dispute(user: User, text: str) -> str | None:
    """The page of the dispute of that reference."""
    return page_of(queries.visible_to(user), text, "cases:dispute")
