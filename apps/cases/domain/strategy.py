"""A strategy: what is done with a customer at how many days past due, read from its document."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.cases.domain.status import ArmRole, ExistingCases, Exit, StepKind
from apps.customers.domain.contact import Channel

# Of a step that acts on days; one that acts once has none.
USUAL_EXITS: dict[StepKind, tuple[Exit, ...]] = {
    StepKind.MESSAGE: (Exit.PROMISE,),
    StepKind.TASK: (Exit.PROMISE, Exit.RIGHT_PARTY),
    StepKind.REVIEW: (Exit.PROMISE, Exit.RIGHT_PARTY),
}
USUAL_MINUTES: dict[StepKind, int] = {StepKind.MESSAGE: 0, StepKind.TASK: 6, StepKind.REVIEW: 15}  # an assumption
WHOLE = 100  # what the weights of all arms come to


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """How far ahead a promise may be, and how many days after its date money still counts."""

    within_days: int
    grace_days: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Cases that are alike: every condition that is named holds. Amounts and tenure are half-open."""

    code: str
    buckets: tuple[str, ...] = ()
    amount_from: Decimal | None = None
    amount_below: Decimal | None = None
    products: tuple[str, ...] = ()
    tenure_from: int | None = None
    tenure_below: int | None = None
    first_payment_default: bool | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """A part of the customers; `share_from` is where its part of the hundred begins."""

    code: str
    role: ArmRole
    weight: int
    share_from: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A step; `days` are the days past due on which it acts, none where it acts once, when its stage is entered.

    `stage` is the stage in which it acts: its own code where it is a stage, another's where it acts beside it, empty
    before there is a case. `segments` and `arms` limit what it does, never which stage a case is in.
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
    segments: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    wait: int = 0
    exits: tuple[Exit, ...] = ()
    minutes: int = 0

    @property
    def is_stage(self) -> bool:
        """Whether a case can be in it."""
        return self.stage == self.code

    @property
    def contacts(self) -> bool:
        """Whether it speaks with the customer."""
        return self.kind is not StepKind.REVIEW


@dataclass(frozen=True, slots=True)
class Strategy:
    """One version of a treatment path, its steps in order of their days."""

    code: str
    version: int
    name: str
    promises: PromiseRules
    steps: tuple[Step, ...]
    existing_cases: ExistingCases = ExistingCases.AT_NEXT_STAGE
    segments: tuple[Segment, ...] = ()
    salt: str = ""
    arms: tuple[Arm, ...] = ()
    messages_a_day: int | None = None
    tasks_a_day: int | None = None

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

    def arms_of(self, step: Step) -> tuple[str, ...]:
        """The arms in which a step acts: those it names, else all; none that is held out is ever contacted."""
        return tuple(
            arm.code
            for arm in self.arms
            if (not step.arms or arm.code in step.arms) and not (step.contacts and arm.role is ArmRole.HOLDOUT)
        )

    def arm_of(self, customer: str) -> str:
        """The arm of a customer, by reference; empty where there is no experiment."""
        share = share_of(self.salt, customer)
        return next((a.code for a in self.arms if a.share_from <= share < a.share_from + a.weight), "")


def share_of(salt: str, customer: str) -> int:
    """Where a customer stands among a hundred in an experiment: the same for ever, and another in another one."""
    digest = hashlib.sha256(f"{salt}:{customer}".encode()).digest()
    return int.from_bytes(digest[:4]) % WHOLE


def read(document: Mapping[str, Any]) -> Strategy:
    """What a document of the right shape says."""
    rules, experiment, caps = document["promises"], document.get("experiment", {}), document.get("caps", {})
    return Strategy(
        document["code"],
        document["version"],
        document["name"],
        PromiseRules(rules["within_days"], rules["grace_days"]),
        tuple(_step(position, step) for position, step in enumerate(document["steps"])),
        ExistingCases(document.get("existing_cases", ExistingCases.AT_NEXT_STAGE)),
        tuple(_segment(segment) for segment in document.get("segments", ())),
        experiment.get("salt", ""),
        _arms(experiment.get("arms", ())),
        caps.get("messages"),
        caps.get("tasks"),
    )


def _step(position: int, raw: Mapping[str, Any]) -> Step:
    days = tuple(raw.get("days", ()))
    from_day = raw.get("from", min(days, default=0))
    kind = StepKind(raw["kind"])
    return Step(
        position,
        raw["code"],
        kind,
        raw.get("beside") or (raw["code"] if from_day > 0 else ""),
        from_day,
        days,
        raw.get("queue", ""),
        raw.get("template", ""),
        tuple(Channel(channel) for channel in raw.get("channels", ())),
        tuple(raw.get("segments", ())),
        tuple(raw.get("arms", ())),
        raw.get("wait", 0),
        tuple(Exit(word) for word in raw["exits"]) if "exits" in raw else USUAL_EXITS[kind] if days else (),
        raw.get("minutes", USUAL_MINUTES[kind]),
    )


def _segment(raw: Mapping[str, Any]) -> Segment:
    return Segment(
        raw["code"],
        tuple(raw.get("buckets", ())),
        Decimal(raw["amount_from"]) if "amount_from" in raw else None,
        Decimal(raw["amount_below"]) if "amount_below" in raw else None,
        tuple(raw.get("products", ())),
        raw.get("tenure_from"),
        raw.get("tenure_below"),
        raw.get("first_payment_default"),
    )


def _arms(raw: Any) -> tuple[Arm, ...]:
    found: list[Arm] = []
    for arm in raw:
        share_from = sum(before.weight for before in found)
        found.append(Arm(arm["code"], ArmRole(arm["role"]), arm["weight"], share_from))
    return tuple(found)
