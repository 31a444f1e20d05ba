"""What cases have to say on the home page, and where the search box leads."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access.models import User
from apps.access.registry import Tile
from apps.cases.queries import cases, counts
from apps.closing import queries as closing

DAY = dt.timedelta(1)


def worklist(user: User) -> Tile | None:
    """What waits in this user's queues, and how much of it is theirs."""
    last = closing.last_closed_date()
    if last is None:
        return None
    found = counts.of(user, business_date=last + DAY)
    title = ngettext("Task waiting in your queues", "Tasks waiting in your queues", found.waiting)
    hint = _("%(mine)s of your own cases, %(promises)s open promises") % {
        "mine": found.mine,
        "promises": found.promises,
    }
    tone = "info" if found.waiting else "neutral"
    return Tile(title, _capped(found.waiting), hint, reverse("cases:worklist"), _("Open the worklist"), tone)


def opened(user: User) -> Tile | None:
    """How many cases the last close opened."""
    last = closing.last_closed_date()
    if last is None:
        return None
    found = counts.of(user, business_date=last + DAY)
    title = ngettext("Case opened by the last close", "Cases opened by the last close", found.opened)
    return Tile(title, _capped(found.opened), last.isoformat(), reverse("cases:team"), _("See the team"))


def find(user: User, text: str) -> str | None:
    """The page of the case of that reference."""
    found = cases.visible_to(user).filter(reference__in={text, text.upper()}).first()
    return reverse("cases:case", args=(found.reference,)) if found else None


def _capped(count: int) -> str:
    return f"{count:,}+" if count >= counts.CAP else f"{count:,}"
