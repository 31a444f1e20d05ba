"""The words of collecting: cases, tasks, promises, outcomes, and which may follow which."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """A customer has at most one case that is open."""

    OPEN = "open"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a case ended."""

    CURED = "cured"
    WRITTEN_OFF = "written_off"


class TaskStatus(StrEnum):
    """Where a task stands; an open task whose day has passed is `lapsed`, one whose reason is gone is `cancelled`.

    One that a hold put aside is `held` and is open again after it.
    """

    OPEN = "open"
    HELD = "held"
    DONE = "done"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


TO_DO = (TaskStatus.OPEN, TaskStatus.HELD)  # still to be done, now or after a hold


class StepKind(StrEnum):
    """What a step of a strategy makes: a message, an agent's task, or a manager's decision."""

    MESSAGE = "message"
    TASK = "task"
    REVIEW = "review"


class PromiseStatus(StrEnum):
    """A promise is judged by the ledger, never by a click."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


class Outcome(StrEnum):
    """What came of a contact."""

    RIGHT_PARTY = "right_party"
    PROMISE = "promise"
    REFUSED_TO_PAY = "refused_to_pay"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    CALL_BACK = "call_back"
    NO_ANSWER = "no_answer"
    WRONG_PARTY = "wrong_party"
    INVALID_NUMBER = "invalid_number"


class VersionStatus(StrEnum):
    """The life of a strategy's version."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
    DISCARDED = "discarded"


class ExistingCases(StrEnum):
    """When the cases of an earlier version move to a new one."""

    AT_NEXT_STAGE = "at_next_stage"
    AT_ONCE = "at_once"
    NEW_CASES_ONLY = "new_cases_only"


class ArmRole(StrEnum):
    """What an arm is compared as; a holdout is not contacted."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    HOLDOUT = "holdout"


class Exit(StrEnum):
    """What ends a step for a case: a promise that is open, a talk with the customer or money since the stage began."""

    PROMISE = "promise"
    RIGHT_PARTY = "right_party"
    PAYMENT = "payment"


class SimulationStatus(StrEnum):
    """Where a simulation stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
