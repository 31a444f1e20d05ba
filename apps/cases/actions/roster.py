"""The roster of who takes cases, and giving the waiting cases to it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from apps.access.domain.permissions import Permission
from apps.access.models import User
from apps.access.queries import people
from apps.audit import actions as audit
from apps.cases.domain import solver
from apps.cases.domain.assignment import Agent, Plan, Work
from apps.cases.domain.status import TO_DO, CaseStatus, StepKind
from apps.cases.models import Case, RosterEntry, Task
from apps.cases.queries import roster
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

LARGEST = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody may be given."""

    queues: Sequence[str]
    languages: Sequence[str]
    capacity: int
    products: Sequence[str] = ()
    away_until_date: dt.date | None = None


def enter(*, user: User, entry: Entry, by: Actor, at: dt.datetime) -> RosterEntry:
    """Put somebody on the roster, or change what they may be given."""
    with audit.operation("cases.enter_roster", by=by, at=at) as op:
        _check(user, entry)
        found, _new = RosterEntry.objects.update_or_create(
            user=user,
            defaults={
                "queues": sorted(set(entry.queues)),
                "languages": sorted(set(entry.languages)),
                "products": sorted(set(entry.products)),
                "capacity": entry.capacity,
                "away_until_date": entry.away_until_date,
            },
        )
        op.on = found
        op.sentence = f"{user.username} takes up to {entry.capacity} cases of {', '.join(found.queues)}."
    return found


def leave(*, entry: RosterEntry, by: Actor, at: dt.datetime) -> None:
    """Take somebody off the roster; what they have stays theirs until it is given to another."""
    with audit.operation("cases.leave_roster", by=by, at=at, on=entry) as op:
        op.sentence = f"{entry.user.username} is given no more cases."
        entry.delete()


def propose(*, by: User | None, at: dt.datetime) -> tuple[list[Work], Plan]:
    """What `assign` would do now; nothing is written. `by` sees what lies on their side of the walls alone."""
    found = roster.agents(closing.business_date_at(at))
    waiting = roster.waiting(by)
    return _plan(found, roster.works(roster.takable(waiting, found)), roster.works(roster.stuck(waiting, found)))


def assign(*, by: Actor, at: dt.datetime) -> tuple[list[Work], Plan]:
    """Give the waiting cases, with their open tasks, to the roster; answers which they were and what became of them.

    Two at once do not give a case twice: each takes the cases that the other has not.
    """
    seer = by if isinstance(by, User) else None
    with audit.operation("cases.assign_roster", by=by, at=at) as op:
        found = roster.agents(closing.business_date_at(at))
        waiting = roster.waiting(seer)
        locked = roster.takable(waiting, found).select_for_update(skip_locked=True, of=("self",))
        keys = list(locked.values_list("pk", flat=True)[: roster.MOST])
        stuck = roster.works(roster.stuck(waiting, found))
        works, plan = _plan(found, roster.works(waiting.filter(pk__in=keys)), stuck)
        owners: dict[int, list[int]] = {}
        for case, owner in plan.given.items():
            owners.setdefault(owner, []).append(case)
        for owner, cases in sorted(owners.items()):
            Case.objects.filter(pk__in=cases, status=CaseStatus.OPEN).update(owner_id=owner)
            tasks = Task.objects.filter(case__in=cases, status__in=TO_DO, kind=StepKind.TASK, owner=None)
            tasks.update(owner_id=owner)
        op.nothing_happened = not plan.given
        op.sentence = f"Gave {len(plan.given)} cases to {len(owners)} people; {len(plan.left)} stay in their queues."
        op.detail = {"given": len(plan.given), "left": len(plan.left), "people": len(owners)}
    return works, plan


def assign_all(*, by: Actor, at: dt.datetime) -> tuple[int, int]:
    """Assign one thousand after another until nobody can take more; answers how many were given and how many stay."""
    given = 0
    while True:
        _works, plan = assign(by=by, at=at)
        given += len(plan.given)
        if not plan.given:
            return given, len(plan.left)


def _plan(found: Sequence[tuple[User, Agent]], works: list[Work], stuck: list[Work]) -> tuple[list[Work], Plan]:
    """The best plan for what somebody can take by queue and language; the others only say why they stay."""
    pairs = roster.within(works, [user for user, _agent in found])
    looked_at = [*works, *stuck]
    return looked_at, solver.solve(looked_at, [agent for _user, agent in found], pairs)


def _check(user: User, entry: Entry) -> None:
    words = {"name": user.name, "most": LARGEST, "number": entry.capacity}
    if not people.holds(user, Permission.CASE_WORK):
        raise Refused(_("%(name)s does not work on cases.") % words, code="assignee_permission")
    if not 0 <= entry.capacity <= LARGEST:
        raise Refused(_("%(number)s is not a number of cases from 0 to %(most)s.") % words, code="capacity")
    if not entry.queues:
        raise Refused(_("Name at least one queue that %(name)s works.") % words, code="queues_missing")
    if unknown := sorted(set(entry.queues) - set(roster.queues())):
        queues = {"queues": ", ".join(unknown), "known": ", ".join(roster.queues())}
        raise Refused(
            _("No strategy has agents work the queue %(queues)s: the queues are %(known)s.") % queues,
            code="queue_unknown",
        )
    if not entry.languages:
        raise Refused(_("Name at least one language that %(name)s speaks.") % words, code="languages_missing")
