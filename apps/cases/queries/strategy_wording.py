"""What is wrong with a strategy, and what differs between two versions, in sentences."""

from typing import Any

from django.utils.translation import gettext_noop as noop

from apps.cases.domain.strategy_comparison import Change, Kind
from apps.cases.domain.strategy_shape import Fault
from apps.core.texts import gettext as _

PLACES = {
    "strategy": noop("The strategy"),
    "promises": noop("Promises"),
    "caps": noop("Caps"),
    "experiment": noop("The experiment"),
    "step": noop("Step %(name)s"),
    "segment": noop("Segment %(name)s"),
    "arm": noop("Arm %(name)s"),
}
SHAPES = {
    "shape_missing": noop("%(where)s lacks “%(key)s”."),
    "shape_unknown": noop("%(where)s has an unknown part “%(key)s”."),
    "shape_object": noop("%(where)s: “%(key)s” has the wrong shape; the schema says which it takes."),
    "shape_choice": noop("%(where)s: “%(key)s” is one of %(choices)s, not “%(value)s”."),
    "shape_whole": noop("%(where)s: “%(key)s” takes whole numbers from %(low)s to %(high)s, not “%(value)s”."),
    "shape_amount": noop("%(where)s: “%(key)s” is an amount such as 500.00, not “%(value)s”."),
    "shape_code": noop(
        "%(where)s: “%(key)s” is a code of small letters, digits, hyphens and underscores, not “%(value)s”."
    ),
    "shape_text": noop("%(where)s: “%(key)s” is a text of 1 to %(high)s characters."),
    "shape_twice": noop("%(where)s: “%(key)s” names something twice."),
    "shape_list": noop("%(where)s: “%(key)s” is a list, and an empty one says nothing."),
    "shape_flag": noop("%(where)s: “%(key)s” is true or false."),
}
SENTENCES = {
    "two_steps": noop("There are two steps %(step)s: give one another code."),
    "two_segments": noop("There are two segments %(step)s: give one another code."),
    "two_arms": noop("There are two arms %(step)s: give one another code."),
    "no_stage": noop("No step opens a case."),
    "no_day": noop("Step %(step)s says neither “from” nor “days”."),
    "out_of_order": noop("Step %(step)s at %(day)s days comes after %(before)s at %(before_day)s days."),
    "overlap": noop("Steps %(before)s and %(step)s overlap: both begin at %(day)s days."),
    "acts_too_late": noop("Step %(step)s is never reached on day %(day)s: %(before)s has begun."),
    "loop": noop("Step %(step)s acts beside itself: %(loop)s."),
    "beside_no_stage": noop("Step %(step)s acts beside %(stage)s, which is no stage."),
    "begins_before_stage": noop("Step %(step)s begins before %(stage)s, beside which it acts."),
    "days_not_in_order": noop("The days of step %(step)s are not in order."),
    "gap": noop("Step %(step)s leaves a gap: it begins at %(day)s days and first acts at %(first)s."),
    "message_without_days": noop("Step %(step)s sends a message and does not say on which days."),
    "message_without_template": noop("Step %(step)s sends a message and names no template."),
    "message_without_channel": noop("Step %(step)s sends a message and names no channel."),
    "message_by_call": noop("Step %(step)s sends a message: a call is made by a person, in a task."),
    "mixed_days": noop("Step %(step)s mixes days before the due date with days after it."),
    "task_without_queue": noop("Step %(step)s makes tasks and names no queue for them."),
    "task_before_case": noop("Step %(step)s makes tasks before there is a case."),
    "task_with_text": noop("Step %(step)s makes tasks: a template and channels are for messages."),
    "limited_before_case": noop(
        "Step %(step)s acts before there is a case: nobody is in a segment or an arm yet, and nothing is waited for."
    ),
    "segment_unknown": noop("Step %(step)s names segment %(segment)s, which is not there."),
    "arm_unknown": noop("Step %(step)s names arm %(arm)s, which is not there."),
    "unreachable_segment": noop(
        "Step %(step)s is never reached: on its days no case is in the buckets of %(segments)s."
    ),
    "unreachable_arm": noop("Step %(step)s is never reached: nobody is in %(arms)s, whose weight is 0."),
    "holdout_contacted": noop("Step %(step)s contacts %(arm)s, which is a holdout: take the arm out of the step."),
    "segment_empty": noop("Nobody is in segment %(segment)s: nothing is from %(low)s and below %(high)s."),
    "segment_without_condition": noop("Segment %(segment)s names no condition: take it out, or say who is in it."),
    "weights": noop("The weights of the arms come to %(total)s, not to 100."),
    "champions": noop("One arm is the champion; here are %(count)s."),
    "queue_unknown": noop("Step %(step)s sends tasks to the queue “%(queue)s”, which nobody works."),
    "template_unknown": noop("Step %(step)s names the template “%(template)s”, of which there is no approved text."),
    "template_lacks_channel": noop(
        "Step %(step)s sends “%(template)s” by %(channel)s, for which it has no approved text."
    ),
    "channel_without_consent": noop(
        "Step %(step)s writes by %(channel)s, for which no rule of conduct asks whether the customer agreed."
    ),
    "product_unknown": noop("Segment %(segment)s names the product %(product)s, which is not there."),
    "cap_messages": noop(
        "The cap of %(cap)s messages a day is above the rule of conduct %(rule)s: %(limit)s a day by %(channel)s."
    ),
    "cap_tasks": noop("The cap of %(cap)s tasks a day is above the rule of conduct %(rule)s: %(limit)s calls a day."),
}
CHANGES = {
    Kind.ADDED: noop("%(where)s: added."),
    Kind.REMOVED: noop("%(where)s: removed."),
    Kind.MOVED: noop("%(where)s: moved from place %(before)s to place %(after)s."),
}
FIELDS = {
    Kind.ADDED: noop("%(where)s: “%(field)s” is %(after)s, and was not said before."),
    Kind.REMOVED: noop("%(where)s: “%(field)s” is not said any more; it was %(before)s."),
    Kind.CHANGED: noop("%(where)s: “%(field)s” becomes %(after)s; it was %(before)s."),
}


def sentence(fault: Fault) -> str:
    """What is wrong, for whoever can mend it."""
    if fault.code in SHAPES:
        return _(SHAPES[fault.code]) % {**fault.words, "where": place(str(fault.words["kind"]), fault.words["name"])}
    words = dict(fault.words)
    if fault.code in ("two_segments", "two_arms"):
        words = {"step": words["step"]}
    return _(SENTENCES[fault.code]) % words


def place(kind: str, name: object = "") -> str:
    """A part of a strategy in words."""
    return _(PLACES[kind]) % {"name": name} if kind in PLACES else str(name or kind)


def change(found: Change) -> str:
    """What differs, in a sentence."""
    words = {"where": place(found.part, found.name), "field": found.field}
    words |= {"before": said(found.before), "after": said(found.after)}
    return _((FIELDS if found.field else CHANGES)[found.kind]) % words


def said(value: Any) -> str:
    """A value as a document says it, in the same characters in every language."""
    if isinstance(value, list):
        return ", ".join(said(part) for part in value) or "—"
    if isinstance(value, dict):
        return " · ".join(f"{key} {said(part)}" for key, part in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "—" if value in (None, "") else str(value)
