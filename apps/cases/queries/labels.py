"""What the words of collecting are called on a screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from apps.cases.domain.assignment import Left
from apps.cases.domain.status import (
    ArmRole,
    CaseStatus,
    CloseReason,
    ExistingCases,
    Exit,
    Outcome,
    PromiseStatus,
    SimulationStatus,
    StepKind,
    TaskStatus,
    VersionStatus,
)
from apps.cases.domain.strategy_comparison import Kind
from apps.core.registry import Text, Word

Words = Mapping[str, Word]

CASES: Words = {
    CaseStatus.OPEN: Word(_("Open"), "info"),
    CaseStatus.CLOSED: Word(_("Closed")),
}
CLOSED: Words = {
    CloseReason.CURED: Word(_("Cured"), "good"),
    CloseReason.WRITTEN_OFF: Word(_("Written off"), "bad"),
}
TASKS: Words = {
    TaskStatus.OPEN: Word(_("Open"), "info"),
    TaskStatus.HELD: Word(_("Put aside by a hold"), "warning"),
    TaskStatus.DONE: Word(_("Done"), "good"),
    TaskStatus.LAPSED: Word(_("Lapsed"), "warning"),
    TaskStatus.CANCELLED: Word(_("Cancelled")),
}
PROMISES: Words = {
    PromiseStatus.OPEN: Word(_("Open"), "info"),
    PromiseStatus.KEPT: Word(_("Kept"), "good"),
    PromiseStatus.BROKEN: Word(_("Broken"), "bad"),
}
KINDS: Words = {
    StepKind.MESSAGE: Word(_("Message")),
    StepKind.TASK: Word(_("Task"), "info"),
    StepKind.REVIEW: Word(_("Decision"), "warning"),
}
OUTCOMES: Words = {
    Outcome.PROMISE: Word(_("Promise to pay"), "good"),
    Outcome.RIGHT_PARTY: Word(_("Spoke with the customer"), "good"),
    Outcome.CALL_BACK: Word(_("Call back later"), "info"),
    Outcome.REFUSED_TO_PAY: Word(_("Refuses to pay"), "bad"),
    Outcome.HARDSHIP: Word(_("Hardship"), "warning"),
    Outcome.DISPUTE: Word(_("Dispute"), "warning"),
    Outcome.NO_ANSWER: Word(_("No answer")),
    Outcome.WRONG_PARTY: Word(_("Somebody else answered")),
    Outcome.INVALID_NUMBER: Word(_("Number not in service"), "warning"),
}
STAGES: Words = {  # those of the shipped strategy; an operator's own are shown by their code
    "pre_due": Word(_("Reminder before the due date")),
    "auto_reminder": Word(_("Automatic reminder")),
    "agent_contact": Word(_("Telephone contact"), "info"),
    "social": Word(_("WeChat and QQ"), "info"),
    "intensive": Word(_("Intensive"), "warning"),
    "arbitration": Word(_("Arbitration"), "bad"),
    "legal": Word(_("Legal"), "bad"),
    "agency": Word(_("Agency"), "bad"),
    "write_off": Word(_("Write-off"), "bad"),
    "arrangement_offer": Word(_("Arrangement to sign")),
}
QUEUES: Words = {
    "agents": Word(_("Agents")),
    "senior-agents": Word(_("Senior agents")),
    "managers": Word(_("Managers")),
    "committee": Word(_("Committee")),
}
VERSIONS: Words = {
    VersionStatus.DRAFT: Word(_("Draft")),
    VersionStatus.PUBLISHED: Word(_("In force"), "good"),
    VersionStatus.RETIRED: Word(_("Retired")),
    VersionStatus.DISCARDED: Word(_("Thrown away")),
}
RULES: Words = {
    ExistingCases.AT_NEXT_STAGE: Word(_("Cases move at their next stage")),
    ExistingCases.AT_ONCE: Word(_("Cases move at once")),
    ExistingCases.NEW_CASES_ONLY: Word(_("Only new cases")),
}
ROLES: Words = {
    ArmRole.CHAMPION: Word(_("Champion"), "good"),
    ArmRole.CHALLENGER: Word(_("Challenger"), "info"),
    ArmRole.HOLDOUT: Word(_("Holdout")),
}
EXITS: Words = {
    Exit.PROMISE: Word(_("an open promise")),
    Exit.RIGHT_PARTY: Word(_("a talk with the customer")),
    Exit.PAYMENT: Word(_("money")),
}
SIMULATIONS: Words = {
    SimulationStatus.WAITING: Word(_("Waiting"), "info"),
    SimulationStatus.RUNNING: Word(_("Under way"), "info"),
    SimulationStatus.DONE: Word(_("Done"), "good"),
    SimulationStatus.FAILED: Word(_("Failed"), "bad"),
}
SIMULATED: Words = {
    "cases": Word(_("Cases opened")),
    "cases_moved": Word(_("Cases moved to the version")),
    "cases_advanced": Word(_("Cases in a later stage")),
    "cases_closed": Word(_("Cases closed")),
    "tasks": Word(_("Tasks")),
    "messages": Word(_("Messages")),
    "blocked": Word(_("Blocked messages")),
    "agent_hours": Word(_("Agent hours")),
}
CHANGES: Words = {
    Kind.ADDED: Word(_("Added"), "good"),
    Kind.REMOVED: Word(_("Removed"), "bad"),
    Kind.CHANGED: Word(_("Changed"), "info"),
    Kind.MOVED: Word(_("Moved")),
}
FACTS: Words = {  # what a request to place a case rests on
    "case": Word(_("Case")),
    "case_open": Word(_("The case is open")),
    "stage": Word(_("Stage")),
    "agency": Word(_("Agency")),
    "placed_with": Word(_("Placed with")),
    "version": Word(_("Version")),
    "in_force": Word(_("In force now")),
    "document": Word(_("Fingerprint of the document")),
    "existing_cases": Word(_("Existing cases")),
    "changes": Word(_("Changes")),
}
LEFT: Words = {
    Left.NO_AGENT: Word(_("Nobody on the roster works this queue in this language and product"), "bad"),
    Left.NO_ROOM: Word(_("Nobody who could take them has room"), "warning"),
}
WORDS: dict[str, Words] = {
    "case": CASES,
    "close_reason": CLOSED,
    "task": TASKS,
    "promise": PROMISES,
    "step_kind": KINDS,
    "outcome": OUTCOMES,
    "stage": STAGES,
    "queue": QUEUES,
    "strategy": VERSIONS,
    "existing_cases": RULES,
    "arm_role": ROLES,
    "exit": EXITS,
    "simulation": SIMULATIONS,
    "simulated": SIMULATED,
    "strategy_change": CHANGES,
    "fact": FACTS,
    "left": LEFT,
}


def menu(words: Words) -> list[tuple[str, Text]]:
    """The words as the choices of a field."""
    return [(str(value), word.label) for value, word in words.items()]
