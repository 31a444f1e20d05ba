"""How the controls of who may and who must agree stand: figures that a controller watches, each with its target."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F
from django.urls import reverse

from apps.access.domain.approval import RequestStatus
from apps.access.domain.emergency import EmergencyState
from apps.access.models import ApprovalDecision, ApprovalRequest, IncompatibleRoles, RoleGrant, User
from apps.access.queries import actors, approvals, emergencies
from apps.access.queries.days import local_date
from apps.audit.queries import trail
from apps.core.texts import gettext as _

PERIOD = dt.timedelta(days=30)
LATE = dt.timedelta(days=3)  # an open request is old after this
SHOWN = 20  # people by refusals and reveals


@dataclass(frozen=True)
class Figure:
    """One control: its name for programs, what it counts in words, how many, and whether somebody should look."""

    name: str
    label: str
    count: int
    is_well: bool
    hint: str = ""
    url: str = ""


@dataclass(frozen=True)
class Person:
    """How often somebody did something within the period."""

    name: str
    actor: str
    count: int


def figures(at: dt.datetime) -> list[Figure]:
    """Every control as it stands."""
    since, inbox = at - PERIOD, reverse("access:approvals")
    return [
        *_requests(at, since, inbox),
        *_emergencies(at),
        _count("incompatible", _("People with roles that may not meet"), len(incompatible()), reverse("access:roles")),
        _count("left", _("People who left and still hold roles"), left(), reverse("access:staff")),
        Figure(
            "delegated",
            _("Decisions in another's name within 30 days"),
            ApprovalDecision.objects.filter(decided_at__gt=since).exclude(on_behalf_of=None).count(),
            is_well=True,
            url=reverse("access:delegations"),
        ),
        _count("unattributed", _("Changes that no operation accounts for"), trail.unattributed_count(), _trail()),
    ]


def incompatible() -> list[tuple[User, IncompatibleRoles]]:
    """Everybody who holds two roles that may not meet; the database refuses them, so that there is nobody."""
    found = []
    for pair in IncompatibleRoles.objects.select_related("first", "second"):
        first = RoleGrant.objects.filter(role=pair.first, ended_at=None).values("user")
        both = User.objects.filter(pk__in=first, grants__role=pair.second, grants__ended_at=None)
        found += [(user, pair) for user in both]
    return found


def left() -> int:
    """How many work here no longer and hold a role all the same."""
    return User.objects.filter(is_active=False, grants__ended_at=None).distinct().count()


def refused(at: dt.datetime) -> list[Person]:
    """Who was refused how often within the period, the most first."""
    return _people(at, decision="deny", actor__startswith=actors.PREFIX)


def revealed(at: dt.datetime) -> list[Person]:
    """Who unmasked personal values how often within the period, the most first."""
    return _people(at, action__endswith=".reveal", decision="allow")


def _requests(at: dt.datetime, since: dt.datetime, inbox: str) -> list[Figure]:
    waiting = ApprovalRequest.objects.filter(status=RequestStatus.REQUESTED).order_by("made_at")
    oldest, count = waiting.first(), waiting.count()
    hint = _("The oldest: %(reference)s") % {"reference": oldest.reference} if oldest else ""
    is_well = oldest is None or at - oldest.made_at <= LATE
    ended = ApprovalRequest.objects.filter(decided_at__gt=since)
    found = {
        status: ended.filter(status=status).count()
        for status in (RequestStatus.EXPIRED, RequestStatus.VOID, RequestStatus.REJECTED)
    }
    overdue = approvals.overdue(at).count()
    return [
        Figure("open", _("Open requests"), count, is_well, hint, f"{inbox}?status=requested"),
        _count("overdue", _("Open requests whose time is up"), overdue, f"{inbox}?status=requested"),
        _count(
            "expired",
            _("Requests that nobody decided within 30 days"),
            found[RequestStatus.EXPIRED],
            f"{inbox}?status=expired",
        ),
        Figure(
            "void", _("Requests made void by changed facts within 30 days"), found[RequestStatus.VOID], True, "",
            f"{inbox}?status=void",
        ),
        Figure(
            "rejected", _("Requests rejected within 30 days"), found[RequestStatus.REJECTED], True, "",
            f"{inbox}?status=rejected",
        ),
    ]  # fmt: skip


def _emergencies(at: dt.datetime) -> list[Figure]:
    today, url = local_date(at), reverse("access:emergencies")
    states = [emergencies.state(found, today) for found in emergencies.unreviewed()]
    return [
        _count("emergencies_live", _("Live emergencies"), states.count(EmergencyState.LIVE), url),
        Figure(
            "emergencies_unreviewed",
            _("Emergencies to review"),
            states.count(EmergencyState.UNREVIEWED) + states.count(EmergencyState.OVERDUE),
            EmergencyState.OVERDUE not in states,
            url=url,
        ),
        _count("emergencies_overdue", _("Overdue reviews"), states.count(EmergencyState.OVERDUE), url),
    ]


def _count(name: str, label: str, count: int, url: str) -> Figure:
    """A control whose target is none."""
    return Figure(name, label, count, count == 0, url=url)


def _people(at: dt.datetime, **which: object) -> list[Person]:
    rows = trail.operations().filter(recorded_at__gt=at - PERIOD, **which).order_by()
    counted = rows.values(who=F("actor")).annotate(times=Count("seq")).order_by("-times", "who")[:SHOWN]
    found = [(str(row["who"]), row["times"]) for row in counted]
    names = actors.names(who for who, _times in found)
    return [Person(names.get(who, who), who, times) for who, times in found]


def _trail() -> str:
    return reverse("access:trail_unattributed")
