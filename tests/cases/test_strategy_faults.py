"""What is wrong with a strategy's document, sentence by sentence; arms and comparison, without a database."""

import copy
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from apps.cases.domain import strategy, strategy_comparison, strategy_faults
from apps.cases.domain.status import StepKind
from apps.cases.domain.strategy_faults import Known
from apps.cases.domain.strategy_schema import SCHEMA
from apps.cases.queries import strategies, strategy_wording

KNOWN = Known(
    templates={"t": frozenset({"sms", "app", "wechat"})},
    queues=frozenset({"agents"}),
    products=frozenset({"order"}),
    consented=frozenset({"sms", "app"}),
    daily={"sms": (2, "operator-daily-sms"), "call": (3, "cn-connected-calls")},
)
ARMS = [
    {"code": "now", "role": "champion", "weight": 80},
    {"code": "new", "role": "challenger", "weight": 15},
    {"code": "none", "role": "holdout", "weight": 5},
]


def step(code: str, **parts: object) -> dict[str, Any]:
    return {"code": code, "kind": "task", "from": 5, "queue": "agents", **parts}


def message(code: str, **parts: object) -> dict[str, Any]:
    return {"code": code, "kind": "message", "days": [5], "template": "t", "channels": ["sms"], **parts}


def document(*steps: dict[str, Any], **parts: object) -> dict[str, Any]:
    made = {"code": "trial", "version": 1, "name": "Trial", "steps": list(steps)}
    return made | {"promises": {"within_days": 30, "grace_days": 1}} | parts


def faults(found: dict[str, Any], known: Known | None = KNOWN) -> list[str]:
    return [str(strategy_wording.sentence(fault)) for fault in strategy_faults.faults(found, known)]


def test_what_is_shipped_and_what_uses_everything_have_no_fault() -> None:
    (shipped,) = strategies.shipped()
    full = document(
        {"code": "pre", "kind": "message", "days": [-3, -1], "template": "t", "channels": ["app", "sms"]},
        step("a", days=[5, 6], segments=["small"], arms=["now"], wait=2, exits=["payment"], minutes=4),
        message("b", days=[6, 7], beside="a", arms=["new"]),
        {"code": "c", "kind": "review", "from": 31, "queue": "agents", "arms": ["none", "now"]},
        existing_cases="at_once",
        caps={"messages": 2, "tasks": 3},
        experiment={"salt": "2026-q2", "arms": ARMS},
        segments=[
            {"code": "small", "buckets": ["M1"], "amount_from": "1.00", "amount_below": "500.00",
             "products": ["order"], "tenure_from": 0, "tenure_below": 400, "first_payment_default": False}
        ],
    )  # fmt: skip

    assert faults(shipped, None) == []
    assert faults(full) == []


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([step("a"), step("b")], "Steps a and b overlap: both begin at 5 days."),
        ([step("a", **{"from": 9}), step("b")], "Step b at 5 days comes after a at 9 days."),
        ([step("a", days=[5, 8]), step("b", **{"from": 7})], "Step a is never reached on day 8: b has begun."),
        (
            [step("a"), step("b", **{"from": 7}), message("c", days=[9], beside="a")],
            "Step c is never reached on day 9: b has begun.",
        ),
        ([step("a", days=[6])], "Step a leaves a gap: it begins at 5 days and first acts at 6."),
        ([step("a"), step("a", **{"from": 9})], "There are two steps a: give one another code."),
        ([step("a"), step("b", beside="c")], "Step b acts beside c, which is no stage."),
        (
            [step("a"), step("b", beside="c", **{"from": 6}), step("c", beside="b", **{"from": 6})],
            "Step b acts beside itself: b → c → b.",
        ),
        ([step("a"), step("b", beside="a", **{"from": 4})], "Step b begins before a, beside which it acts."),
        ([step("a", queue="")], "Step a makes tasks and names no queue for them."),
        ([step("a", days=[6, 5])], "The days of step a are not in order."),
        ([step("a", template="t")], "Step a makes tasks: a template and channels are for messages."),
        ([step("a"), step("b", **{"from": -2})], "Step b makes tasks before there is a case."),
        ([{"code": "a", "kind": "task", "queue": "agents"}], "Step a says neither “from” nor “days”."),
        ([message("a", channels=["call"])], "Step a sends a message: a call is made by a person, in a task."),
        ([message("a", channels=[])], "Step a sends a message and names no channel."),
        ([message("a", template="")], "Step a sends a message and names no template."),
        ([step("a"), message("b", days=[-1, 1])], "Step b mixes days before the due date with days after it."),
        (
            [step("a"), {"code": "b", "kind": "message", "from": 9, "template": "t", "channels": ["sms"]}],
            "Step b sends a message and does not say on which days.",
        ),
        ([], "No step opens a case."),
        ([step("a", queue="nowhere")], "Step a sends tasks to the queue “nowhere”, which nobody works."),
        (
            [message("a", template="u")],
            "Step a names the template “u”, of which there is no approved text.",
        ),
        ([message("a", channels=["qq"])], "Step a sends “t” by qq, for which it has no approved text."),
        (
            [message("a", channels=["wechat"])],
            "Step a writes by wechat, for which no rule of conduct asks whether the customer agreed.",
        ),
        ([step("a", segments=["x"])], "Step a names segment x, which is not there."),
        ([step("a", arms=["x"])], "Step a names arm x, which is not there."),
        (
            [step("a"), message("b", days=[-1], wait=1)],
            "Step b acts before there is a case: nobody is in a segment or an arm yet, and nothing is waited for.",
        ),
    ],
)
def test_a_strategy_that_cannot_work_is_named_in_a_sentence(steps: list[dict[str, Any]], sentence: str) -> None:
    assert sentence in faults(document(*steps))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"experiment": {"salt": "x", "arms": ARMS[:2]}},
            "The weights of the arms come to 95, not to 100.",
        ),
        (
            {"experiment": {"salt": "x", "arms": [{**ARMS[1], "weight": 100}]}},
            "One arm is the champion; here are 0.",
        ),
        ({"experiment": {"salt": "x", "arms": [ARMS[0], ARMS[0]]}}, "There are two arms now: give one another code."),
        (
            {"experiment": {"salt": "x", "arms": ARMS}, "steps": [step("a", arms=["none"])]},
            "Step a contacts none, which is a holdout: take the arm out of the step.",
        ),
        (
            {
                "experiment": {"salt": "x", "arms": [{**ARMS[0], "weight": 100}, {**ARMS[1], "weight": 0}]},
                "steps": [step("a", arms=["new"])],
            },
            "Step a is never reached: nobody is in new, whose weight is 0.",
        ),
        (
            {"segments": [{"code": "s", "buckets": ["M3"]}], "steps": [step("a", days=[5], segments=["s"])]},
            "Step a is never reached: on its days no case is in the buckets of s.",
        ),
        ({"segments": [{"code": "s"}]}, "Segment s names no condition: take it out, or say who is in it."),
        (
            {"segments": [{"code": "s", "amount_from": "5", "amount_below": "5.00"}]},
            "Nobody is in segment s: nothing is from 5 and below 5.00.",
        ),
        (
            {"segments": [{"code": "s", "tenure_from": 9, "tenure_below": 8}]},
            "Nobody is in segment s: nothing is from 9 and below 8.",
        ),
        (
            {"segments": [{"code": "s", "tenure_from": 1}, {"code": "s", "tenure_from": 1}]},
            "There are two segments s: give one another code.",
        ),
        (
            {"segments": [{"code": "s", "products": ["gone"]}]},
            "Segment s names the product gone, which is not there.",
        ),
        (
            {"caps": {"messages": 3}, "steps": [message("a")]},
            "The cap of 3 messages a day is above the rule of conduct operator-daily-sms: 2 a day by sms.",
        ),
        (
            {"caps": {"tasks": 4}},
            "The cap of 4 tasks a day is above the rule of conduct cn-connected-calls: 3 calls a day.",
        ),
        ({"steps": [step("a", kind="shout")]}, "Step a: “kind” is one of message, task, review, not “shout”."),
        ({"steps": [step("a", colour="red")]}, "Step a has an unknown part “colour”."),
        ({"steps": [step("a", days=["x"])]}, "Step a: “days” takes whole numbers from -60 to 3650, not “x”."),
        (
            {"steps": [message("a", channels=["pigeon"])]},
            "Step a: “channels” is one of app, sms, email, wechat, qq, call, not “pigeon”.",
        ),
        ({"steps": [step("a", days=[5, 5])]}, "Step a: “days” names something twice."),
        ({"steps": [{"kind": "task"}]}, "Step 1 lacks “code”."),
        ({"steps": ["a"]}, "The strategy: “steps” has the wrong shape; the schema says which it takes."),
        (
            {"steps": [step("A b")]},
            "Step A b: “code” is a code of small letters, digits, hyphens and underscores, not “A b”.",
        ),
        ({"name": ""}, "The strategy: “name” is a text of 1 to 100 characters."),
        (
            {"segments": [{"code": "s", "amount_from": "much"}]},
            "Segment s: “amount_from” is an amount such as 500.00, not “much”.",
        ),
        (
            {"segments": [{"code": "s", "first_payment_default": 1}]},
            "Segment s: “first_payment_default” is true or false.",
        ),
        ({"experiment": {"salt": "x", "arms": []}}, "The experiment: “arms” is a list, and an empty one says nothing."),
        ({"caps": {"messages": 0}}, "Caps: “messages” takes whole numbers from 1 to 10, not “0”."),
        ({"existing_cases": "never"},
         "The strategy: “existing_cases” is one of at_next_stage, at_once, new_cases_only, not “never”."),
    ],
)  # fmt: skip
def test_the_other_parts_are_held_to_theirs(parts: dict[str, Any], sentence: str) -> None:
    assert sentence in faults(document(step("a")) | parts)


def test_a_document_that_is_none_is_named_part_by_part() -> None:
    assert faults({"code": "x", "version": 0, "steps": {}, "extra": 1}) == [
        "The strategy lacks “name”.",
        "The strategy lacks “promises”.",
        "The strategy has an unknown part “extra”.",
        "The strategy: “steps” is a list, and an empty one says nothing.",
        "The strategy: “version” takes whole numbers from 1 to 100000, not “0”.",
    ]
    assert faults(["x"]) == ["The strategy: “strategy” has the wrong shape; the schema says which it takes."]  # type: ignore[arg-type]


def test_the_published_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_fault_has_its_sentence() -> None:
    source = (strategies.SHIPPED.parent / "domain" / "strategy_faults.py").read_text(encoding="utf-8")

    for code in strategy_wording.SENTENCES:
        assert f'"{code}"' in source or code.startswith("cap_"), code


@given(some.text(max_size=40), some.text(min_size=1, max_size=40))
def test_a_customer_stays_in_one_arm_of_one_experiment(salt: str, customer: str) -> None:
    share = strategy.share_of(salt, customer)

    assert share == strategy.share_of(salt, customer)
    assert 0 <= share < 100


def test_customers_spread_over_the_arms_by_weight_and_anew_under_another_salt() -> None:
    read = strategy.read(document(step("a"), experiment={"salt": "x", "arms": ARMS}))
    other = strategy.read(document(step("a"), experiment={"salt": "y", "arms": ARMS}))
    customers = [f"C-{number}" for number in range(20_000)]

    found = Counter(read.arm_of(customer) for customer in customers)

    expected = {"now": 16_000, "new": 3_000, "none": 1_000}
    chi_squared = sum((found[arm] - count) ** 2 / count for arm, count in expected.items())
    assert chi_squared < 13.8  # 2 degrees of freedom, one in a thousand
    both = sum(read.arm_of(c) == other.arm_of(c) == "new" for c in customers)
    assert both == pytest.approx(20_000 * 0.15 * 0.15, rel=0.2)


def test_a_holdout_is_in_no_step_that_contacts_and_in_every_decision() -> None:
    read = strategy.read(
        document(
            step("a"), message("b", days=[6]), {"code": "c", "kind": "review", "from": 31, "queue": "agents"},
            experiment={"salt": "x", "arms": ARMS},
        )
    )  # fmt: skip

    assert [(s.kind, read.arms_of(s)) for s in read.steps] == [
        (StepKind.TASK, ("now", "new")),
        (StepKind.MESSAGE, ("now", "new")),
        (StepKind.REVIEW, ("now", "new", "none")),
    ]


def test_two_versions_are_compared_step_by_step_and_field_by_field() -> None:
    before = document(step("a"), message("b", days=[6]), step("d", **{"from": 40}), existing_cases="at_once")
    after = copy.deepcopy(before) | {"name": "Better", "caps": {"messages": 1}, "version": 2}
    after["steps"] = [
        message("b", days=[6, 7], channels=["app", "sms"]),
        step("a", minutes=9),
        {"code": "c", "kind": "review", "from": 61, "queue": "agents"},
    ]
    del after["existing_cases"]

    found = [str(strategy_wording.change(change)) for change in strategy_comparison.compare(before, after)]

    assert found == [
        "The strategy: “name” becomes Better; it was Trial.",
        "The strategy: “existing_cases” becomes at_next_stage; it was at_once.",
        "Caps: “messages” is 1, and was not said before.",
        "Step b: “days” becomes 6, 7; it was 6.",
        "Step b: “channels” becomes app, sms; it was sms.",
        "Step b: moved from place 2 to place 1.",
        "Step a: “minutes” is 9, and was not said before.",
        "Step a: moved from place 1 to place 2.",
        "Step c: added.",
        "Step d: removed.",
    ]
    assert strategy_comparison.compare(before, before) == []


def test_the_page_about_strategies_names_every_part_of_the_schema() -> None:
    page = (strategies.SHIPPED.parents[2] / "docs" / "strategy.md").read_text(encoding="utf-8")
    parts = SCHEMA["properties"]
    inner = [parts[name]["items"]["properties"] for name in ("steps", "segments")]

    silent = [name for names in (parts, *inner) for name in names if f"`{name}`" not in page]
    assert silent == []
