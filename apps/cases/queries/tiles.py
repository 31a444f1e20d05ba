"""What cases have to say on the home page, and where the search box leads."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access.models import User
from apps.access.registry import Tile
from apps.cases.domain.arrangements import ArrangementStatus
from apps.cases.domain.complaints import AHEAD
from apps.cases.queries import arrangements as arrangement_queries
from apps.cases.queries import cases, counts
from apps.cases.queries import complaints as complaint_queries
from apps.closing import queries as closing

DAY = dt.timedelta(1)
RECENT = 7  # days in which a breach is news


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


def complaints(user: User) -> Tile | None:
    """How many complaints wait for their answer, and how many of them are overdue or nearly so."""
    waiting, last = complaint_queries.unanswered(user), closing.last_closed_date()
    count = waiting.count()
    if last is None or not count:
        return None
    hint, tone = due(waiting, last + DAY, AHEAD)
    title = ngettext("Complaint to be answered", "Complaints to be answered", count)
    return Tile(title, count, hint, reverse("cases:complaints"), _("Open the complaints"), tone)


def find_complaint(user: User, text: str) -> str | None:
    """The page of the complaint of that reference."""
    return page_of(complaint_queries.visible_to(user), text, "cases:complaint")


def arrangements(user: User) -> Tile | None:
    """How many arrangements wait for their signature, and how many were breached in the last days."""
    found, last = arrangement_queries.visible_to(user), closing.last_closed_date()
    waiting = found.filter(status=ArrangementStatus.APPROVED).count()
    if last is None or not waiting:
        return None
    since = last - RECENT * DAY
    breached = found.filter(status=ArrangementStatus.BREACHED, ended_date__gt=since).count()
    hint = _("%(breached)s breached in %(days)s days") % {"breached": breached, "days": RECENT}
    title = ngettext("Arrangement to be signed", "Arrangements to be signed", waiting)
    return Tile(
        title,
        waiting,
        hint,
        reverse("cases:arrangements"),
        _("Open the arrangements"),
        "bad" if breached else "neutral",
    )


def find_arrangement(user: User, text: str) -> str | None:
    """The page of the arrangement of that reference."""
    return page_of(arrangement_queries.visible_to(user), text, "cases:arrangement")


def find(user: User, text: str) -> str | None:
    """The page of the case of that reference."""
    return page_of(cases.visible_to(user), text, "cases:case")


def due(waiting: QuerySet[Any], today: dt.date, ahead: int) -> tuple[str, str]:
    """How many of those that wait for an answer are overdue or due within some days, and the tone of that."""
    overdue = waiting.filter(due_date__lt=today).count()
    soon = waiting.filter(due_date__gte=today, due_date__lte=today + ahead * DAY).count()
    hint = _("%(overdue)s overdue, %(soon)s due within %(days)s days")
    tone = "bad" if overdue else "warning" if soon else "neutral"
    return hint % {"overdue": overdue, "soon": soon, "days": ahead}, tone


def page_of(rows: QuerySet[Any], text: str, name: str) -> str | None:
    """The address of the page of the row of that reference, however it was typed."""
    found = rows.filter(reference__in={text, text.upper()}).first()
    return reverse(name, args=(found.reference,)) if found else None


def _capped(count: int) -> str:
    return f"{count:,}+" if count >= counts.CAP else f"{count:,}"
