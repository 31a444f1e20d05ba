"""What is wrong with a strategy that has the right shape: what a strategist can read and mend."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from apps.cases.domain import strategy, strategy_shape
from apps.cases.domain.status import ArmRole, StepKind
from apps.cases.domain.strategy import WHOLE, Segment, Step, Strategy
from apps.cases.domain.strategy_shape import Fault
from apps.customers.domain.contact import Channel


@dataclass(frozen=True, slots=True)
class Known:
    """What there is beside the strategy: texts and their channels, queues, products, the rules of conduct."""

    templates: Mapping[str, frozenset[str]]
    queues: frozenset[str]
    products: frozenset[str]
    consented: frozenset[str]  # channels for which a rule asks whether the customer agreed
    daily: Mapping[str, tuple[int, str]]  # by channel: the most a day, and the rule that says so


def faults(document: Any, known: Known | None = None) -> list[Fault]:
    """Everything that is wrong with a document; against what there is only where that is told."""
    found = strategy_shape.faults(document)
    if found:
        return found
    rules = strategy.read(document)
    silent = [step["code"] for step in document["steps"] if "from" not in step and not step.get("days")]
    found = [Fault("no_day", {"step": code}) for code in silent]
    found += [*_stages(rules), *_experiment(rules), *_segments(rules)]
    for step in rules.steps:
        found += _step(step, rules)
    return found + list(_against(rules, known)) if known else found


def _twice(codes: list[str], code: str) -> Iterator[Fault]:
    yield from (Fault(code, {"step": twice}) for twice in sorted({c for c in codes if codes.count(c) > 1}))


def _stages(rules: Strategy) -> Iterator[Fault]:
    yield from _twice([step.code for step in rules.steps], "two_steps")
    if not rules.stages:
        yield Fault("no_stage")
    for before, after in pairwise(rules.stages):
        words: dict[str, str | int] = {
            "step": after.code,
            "day": after.from_day,
            "before": before.code,
            "before_day": before.from_day,
        }
        if after.from_day < before.from_day:
            yield Fault("out_of_order", words)
        elif after.from_day == before.from_day:
            yield Fault("overlap", words)
        if after.from_day <= before.from_day:
            continue
        for step in (step for step in rules.steps if step.stage == before.code):
            for day in (day for day in step.days if day >= after.from_day):
                yield Fault("acts_too_late", {"step": step.code, "day": day, "before": after.code})
            if not step.days and step.from_day >= after.from_day:
                yield Fault("acts_too_late", {"step": step.code, "day": step.from_day, "before": after.code})


def _step(step: Step, rules: Strategy) -> Iterator[Fault]:
    words = {"step": step.code}
    by_code = {other.code: other for other in rules.steps}
    stages = {stage.code: stage for stage in rules.stages}
    if loop := _loop(step, by_code):
        yield Fault("loop", words | {"loop": " → ".join(loop)})
    elif step.stage and step.stage not in stages:
        yield Fault("beside_no_stage", words | {"stage": step.stage})
    elif step.stage and step.from_day < stages[step.stage].from_day:
        yield Fault("begins_before_stage", words | {"stage": step.stage})
    if list(step.days) != sorted(step.days):
        yield Fault("days_not_in_order", words)
    if step.is_stage and step.days and step.days[0] != step.from_day:
        yield Fault("gap", words | {"day": step.from_day, "first": step.days[0]})
    if step.kind is StepKind.MESSAGE:
        yield from _message(step)
    else:
        yield from _task(step)
    yield from _limits(step, rules)


def _loop(step: Step, by_code: Mapping[str, Step]) -> list[str]:
    """The steps that act beside each other in a circle from this one on, none where they end in a stage."""
    way = [step.code]
    here = step
    while here.stage and not here.is_stage and here.stage in by_code:
        here = by_code[here.stage]
        if here.code == step.code:
            return [*way, step.code]
        if here.code in way:
            return []
        way.append(here.code)
    return []


def _message(step: Step) -> Iterator[Fault]:
    words = {"step": step.code}
    if not step.days:
        yield Fault("message_without_days", words)
    if not step.template:
        yield Fault("message_without_template", words)
    if not step.channels:
        yield Fault("message_without_channel", words)
    if Channel.CALL in step.channels:
        yield Fault("message_by_call", words)
    if not step.stage and any(day >= 0 for day in step.days):
        yield Fault("mixed_days", words)


def _task(step: Step) -> Iterator[Fault]:
    words = {"step": step.code}
    if not step.queue:
        yield Fault("task_without_queue", words)
    if not step.stage:
        yield Fault("task_before_case", words)
    if step.template or step.channels:
        yield Fault("task_with_text", words)


def _limits(step: Step, rules: Strategy) -> Iterator[Fault]:
    """Segments and arms of a step: there, and reached by somebody."""
    words = {"step": step.code}
    if not step.stage and (step.segments or step.arms or step.wait):
        yield Fault("limited_before_case", words)
    segments = {segment.code: segment for segment in rules.segments}
    yield from (Fault("segment_unknown", words | {"segment": c}) for c in step.segments if c not in segments)
    named = [segments[code] for code in step.segments if code in segments]
    if named and len(named) == len(step.segments) and not any(_meets(segment, step) for segment in named):
        yield Fault("unreachable_segment", words | {"segments": ", ".join(step.segments)})
    arms = {arm.code: arm for arm in rules.arms}
    yield from (Fault("arm_unknown", words | {"arm": code}) for code in step.arms if code not in arms)
    held_out = [code for code in step.arms if code in arms and arms[code].role is ArmRole.HOLDOUT]
    if step.contacts:
        yield from (Fault("holdout_contacted", words | {"arm": code}) for code in held_out)
    reached = [arms[code] for code in step.arms if code in arms]
    if reached and all(arm.weight == 0 for arm in reached):
        yield Fault("unreachable_arm", words | {"arms": ", ".join(step.arms)})


def _meets(segment: Segment, step: Step) -> bool:
    """Whether a case can be in the segment on a day on which the step acts."""
    days = step.days or (step.from_day,)
    return not segment.buckets or any(bucket_of(day) in segment.buckets for day in days) or not step.days


def bucket_of(days: int) -> str:
    """The bucket of so many days past due."""
    if days <= 0:
        return "M0"
    return "M7+" if days > 180 else f"M{(days + 29) // 30}"


def _segments(rules: Strategy) -> Iterator[Fault]:
    yield from _twice([segment.code for segment in rules.segments], "two_segments")
    for segment in rules.segments:
        words = {"segment": segment.code}
        amounts, tenure = (segment.amount_from, segment.amount_below), (segment.tenure_from, segment.tenure_below)
        if None not in amounts and amounts[0] >= amounts[1]:  # type: ignore[operator]
            yield Fault("segment_empty", words | {"low": str(amounts[0]), "high": str(amounts[1])})
        if None not in tenure and tenure[0] >= tenure[1]:  # type: ignore[operator]
            yield Fault("segment_empty", words | {"low": str(tenure[0]), "high": str(tenure[1])})
        if segment == Segment(segment.code):
            yield Fault("segment_without_condition", words)


def _experiment(rules: Strategy) -> Iterator[Fault]:
    if not rules.arms:
        return
    yield from _twice([arm.code for arm in rules.arms], "two_arms")
    total = sum(arm.weight for arm in rules.arms)
    if total != WHOLE:
        yield Fault("weights", {"total": total})
    champions = [arm.code for arm in rules.arms if arm.role is ArmRole.CHAMPION]
    if len(champions) != 1:
        yield Fault("champions", {"count": len(champions)})


def _against(rules: Strategy, known: Known) -> Iterator[Fault]:
    """What does not fit what there is."""
    for step in rules.steps:
        words = {"step": step.code}
        if step.queue and step.queue not in known.queues:
            yield Fault("queue_unknown", words | {"queue": step.queue})
        if step.template and step.template not in known.templates:
            yield Fault("template_unknown", words | {"template": step.template})
            continue
        for channel in step.channels:
            if step.template and channel not in known.templates[step.template] and channel != Channel.CALL:
                yield Fault("template_lacks_channel", words | {"template": step.template, "channel": channel.value})
            if channel not in known.consented and channel != Channel.CALL:
                yield Fault("channel_without_consent", words | {"channel": channel.value})
    for segment in rules.segments:
        for product in segment.products:
            if product not in known.products:
                yield Fault("product_unknown", {"segment": segment.code, "product": product})
    yield from _caps(rules, known)


def _caps(rules: Strategy, known: Known) -> Iterator[Fault]:
    written = sorted({channel.value for step in rules.steps for channel in step.channels})
    for asked, channels, what in (
        (rules.messages_a_day, written, "messages"),
        (rules.tasks_a_day, [Channel.CALL.value], "tasks"),
    ):
        limits = [(*known.daily[channel], channel) for channel in channels if channel in known.daily]
        if asked is not None and limits and asked > min(limits)[0]:
            limit, rule, channel = min(limits)
            yield Fault(f"cap_{what}", {"cap": asked, "limit": limit, "rule": rule, "channel": channel})
