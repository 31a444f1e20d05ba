"""Taking the next task, and being done with one."""

import datetime as dt

from apps.access.models import User
from apps.audit import actions as audit
from apps.cases.domain import moves
from apps.cases.domain.status import CaseStatus, StepKind, TaskStatus
from apps.cases.models import Task
from apps.closing import queries as closing
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.queries import walls

LONGEST_OUTCOME = 20


def take_next(*, queue: str, by: User, at: dt.datetime) -> Task | None:
    """Take the task of the queue that is most worth it and that nobody has; none where nothing waits.

    The case of an agent's task becomes theirs as well. However many take at once, no task is taken twice.
    """
    with audit.operation("cases.take_next", by=by, at=at) as op:
        waiting = walls.seen(Task.objects.all(), by, "case__customer").filter(
            queue=queue,
            owner=None,
            status=TaskStatus.OPEN,
            due_date__lte=closing.business_date_at(at),
            case__status=CaseStatus.OPEN,
        )
        locked = waiting.select_for_update(skip_locked=True, of=("self", "case")).select_related("case")
        task = locked.order_by("-case__priority", "-case_id", "id").first()
        if task is None:
            op.nothing_happened = True
            return None
        task.owner = by
        task.save(update_fields=["owner"])
        if task.kind == StepKind.TASK and task.case.owner_id is None:
            task.case.owner = by
            task.case.save(update_fields=["owner"])
        op.on = task
        op.sentence = f"Took {task.step} of {task.case.reference} from {queue}."
    return task


def complete(*, task: Task, outcome: str, by: User, at: dt.datetime) -> Task:
    """Be done with a task that is no contact, such as a review; the outcome is a short word."""
    with audit.operation("cases.complete_task", by=by, at=at, on=task) as op:
        locked = Task.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
        walls.must_see(by, locked.case.customer_id, locked.case.reference)
        if not outcome or len(outcome) > LONGEST_OUTCOME:
            raise Refused(_("A task ends with an outcome of one short word."), code="outcome_missing")
        locked.status = moves.move(moves.TASK, TaskStatus(locked.status), TaskStatus.DONE)
        locked.outcome = outcome
        locked.done_at = at
        locked.done_by = by.actor_id
        locked.save(update_fields=["status", "outcome", "done_at", "done_by"])
        op.sentence = f"Finished {locked.step} of {locked.case.reference}: {outcome}."
    return locked
