"""A strategy: what is done with a customer at how many days past due, read from its document and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from apps.cases.domain.status import StepKind
from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel

STEP_KEYS = {"code", "kind", "from", "days", "beside", "queue", "template", "channels"}
DOCUMENT_KEYS = {"code", "version", "name", "promises", "steps"}
FIRST_DAY, LAST_DAY = -60, 3_650


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """How far ahead a promise may be, and how many days after its date money still counts."""

    within_days: int
    grace_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step; `days` are the days past due on which it acts, none where it acts once, when its stage is entered.

    `stage` is the stage in which it acts: its own code where it is a stage, another's where it acts beside it, empty
    before there is a case.
    """

    position: int
    code: str
    kind: StepKind
    stage: str
    from_day: int
    days: tuple[int, ...] = ()
    queue: str = ""
    template: str = ""
    channels: tuple[Channel, ...] = ()

    @property
    def is_stage(self) -> bool:
        """Whether a case can be in it."""
        return self.stage == self.code


@dataclass(frozen=True, slots=True)
class Strategy:
    """One version of a treatment path, its steps in order of their days."""

    code: str
    version: int
    name: str
    promises: PromiseRules
    steps: tuple[Step, ...]

    @property
    def stages(self) -> tuple[Step, ...]:
        """The steps that a case can be in, in order."""
        return tuple(step for step in self.steps if step.is_stage)

    @property
    def opens_from(self) -> int:
        """The days past due at which a case is opened."""
        return self.stages[0].from_day

    def stage_at(self, days_past_due: int) -> Step | None:
        """The stage that the days have reached, none before the first."""
        return next((step for step in reversed(self.stages) if days_past_due >= step.from_day), None)


def read(document: Mapping[str, Any]) -> Strategy:
    """Read and check a document; `Refused` with one sentence for everything that is wrong."""
    faults = list(_shape_faults(document))
    if not faults:
        strategy = _strategy(document)
        faults = list(_faults(strategy))
    if faults:
        raise Refused(" ".join(faults), code="strategy_invalid")
    return strategy


def _strategy(document: Mapping[str, Any]) -> Strategy:
    rules = document["promises"]
    return Strategy(
        document["code"],
        document["version"],
        document["name"],
        PromiseRules(rules["within_days"], rules["grace_days"]),
        tuple(_step(position, step) for position, step in enumerate(document["steps"])),
    )


def _step(position: int, raw: Mapping[str, Any]) -> Step:
    days = tuple(raw.get("days", ()))
    from_day = raw.get("from", min(days, default=0))
    return Step(
        position,
        raw["code"],
        StepKind(raw["kind"]),
        raw.get("beside", raw["code"] if from_day > 0 else ""),
        from_day,
        days,
        raw.get("queue", ""),
        raw.get("template", ""),
        tuple(Channel(channel) for channel in raw.get("channels", ())),
    )


def _shape_faults(document: Mapping[str, Any]) -> Iterator[str]:
    """What keeps the document from being read at all."""
    for key in sorted(DOCUMENT_KEYS - document.keys()):
        yield f"The strategy lacks “{key}”."
    for key in sorted(document.keys() - DOCUMENT_KEYS):
        yield f"The strategy has an unknown part “{key}”."
    if not isinstance(document.get("version", 1), int) or document.get("version", 1) < 1:
        yield "The version is a whole number from 1."
    rules = document.get("promises", {"within_days": 0, "grace_days": 0})
    if not isinstance(rules, Mapping) or set(rules) != {"within_days", "grace_days"}:
        yield "“promises” holds “within_days” and “grace_days”."
    elif not all(_is_whole(value) and value >= 0 for value in rules.values()):
        yield "The days of “promises” are whole numbers from 0."
    steps = document.get("steps", [])
    if not isinstance(steps, list) or not all(isinstance(step, Mapping) for step in steps):
        yield "“steps” is a list of steps."
        return
    for number, step in enumerate(steps, start=1):
        yield from _step_shape_faults(f"Step {step.get('code', number)}", step)


def _step_shape_faults(name: str, step: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(step.keys() - STEP_KEYS):
        yield f"{name} has an unknown part “{key}”."
    if not step.get("code"):
        yield f"{name} lacks a code."
    if step.get("kind") not in set(StepKind):
        yield f"{name} is of an unknown kind “{step.get('kind')}”."
    days = step.get("days", [])
    if not isinstance(days, list) or not all(_is_whole(day) and FIRST_DAY <= day <= LAST_DAY for day in days):
        yield f"The days of {name} are whole numbers from {FIRST_DAY} to {LAST_DAY}."
    elif "from" not in step and not days:
        yield f"{name} says neither “from” nor “days”."
    if "from" in step and not (_is_whole(step["from"]) and FIRST_DAY <= step["from"] <= LAST_DAY):
        yield f"“from” of {name} is a whole number from {FIRST_DAY} to {LAST_DAY}."
    for channel in step.get("channels", ()):
        if channel not in set(Channel):
            yield f"{name} has an unknown channel “{channel}”."


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _faults(strategy: Strategy) -> Iterator[str]:
    """What a strategist can read and mend."""
    codes = [step.code for step in strategy.steps]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"There are two steps {code}."
    if not strategy.stages:
        yield "No step opens a case."
    for before, after in pairwise(strategy.stages):
        if after.from_day < before.from_day:
            yield f"Step {after.code} at {after.from_day} days comes after {before.code} at {before.from_day} days."
        elif after.from_day == before.from_day:
            yield f"Steps {before.code} and {after.code} overlap: both begin at {after.from_day} days."
        yield from (
            f"Step {before.code} acts on day {day}, when {after.code} has begun."
            for day in before.days
            if day >= after.from_day
        )
    stages = {step.code: step for step in strategy.stages}
    for step in strategy.steps:
        yield from _step_faults(step, stages)


def _step_faults(step: Step, stages: Mapping[str, Step]) -> Iterator[str]:
    if step.stage and step.stage not in stages:
        yield f"Step {step.code} acts beside {step.stage}, which is no stage."
    elif step.stage and step.from_day < stages[step.stage].from_day:
        yield f"Step {step.code} begins before {step.stage}, beside which it acts."
    if list(step.days) != sorted(set(step.days)):
        yield f"The days of step {step.code} are not in order, or one is named twice."
    if step.is_stage and step.days and step.days[0] != step.from_day:
        yield f"Step {step.code} leaves a gap: it begins at {step.from_day} days and first acts at {step.days[0]}."
    if step.kind is StepKind.MESSAGE:
        yield from _message_faults(step)
    else:
        if not step.queue:
            yield f"Step {step.code} makes tasks and names no queue for them."
        if not step.stage:
            yield f"Step {step.code} makes tasks before there is a case."
        if step.template or step.channels:
            yield f"Step {step.code} makes tasks: a template and channels are for messages."


def _message_faults(step: Step) -> Iterator[str]:
    if not step.days:
        yield f"Step {step.code} sends a message and does not say on which days."
    if not step.template:
        yield f"Step {step.code} sends a message and names no template."
    if not step.channels:
        yield f"Step {step.code} sends a message and names no channel."
    if Channel.CALL in step.channels:
        yield f"Step {step.code} sends a message: a call is made by a person, in a task."
    if not step.stage and any(day >= 0 for day in step.days):
        yield f"Step {step.code} mixes days before the due date with days after it."
