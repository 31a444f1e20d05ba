"""The shape of a strategy's document, as a JSON Schema: published, and what every document is checked against first."""

from typing import Any

from apps.bills.domain.kinds import Bucket
from apps.cases.domain.status import ArmRole, ExistingCases, Exit, StepKind
from apps.customers.domain.contact import Channel

FIRST_DAY, LAST_DAY = -60, 3_650
CODE = "^[a-z0-9][a-z0-9_-]{0,39}$"
CODE_OR_NONE = "^([a-z0-9][a-z0-9_-]{0,39})?$"
AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
Schema = dict[str, Any]


def _whole(low: int, high: int, description: str) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high, "description": description}


def _code(description: str, pattern: str = CODE) -> Schema:
    return {"type": "string", "pattern": pattern, "description": description}


def _choice(words: Any, description: str) -> Schema:
    return {"enum": [str(word) for word in words], "description": description}


def _list(items: Schema, description: str, **more: Any) -> Schema:
    return {"type": "array", "items": items, "description": description, **more}


def _object(description: str, required: list[str], **properties: Schema) -> Schema:
    return {
        "type": "object",
        "description": description,
        "required": required,
        "additionalProperties": False,
        "properties": {name.rstrip("_"): part for name, part in properties.items()},
    }


AMOUNT_TEXT: Schema = {"type": "string", "pattern": AMOUNT}
DAYS_OF_A_CUSTOMER = {"type": "integer", "minimum": 0, "maximum": 36_500}

SEGMENT = _object(
    "Cases that are alike; every condition that is named must hold.",
    ["code"],
    code=_code("its name"),
    buckets=_list(_choice(Bucket, "a bucket"), "the bucket of the days past due is one of these", uniqueItems=True),
    amount_from=AMOUNT_TEXT | {"description": "what is overdue is this much or more"},
    amount_below=AMOUNT_TEXT | {"description": "what is overdue is less than this"},
    products=_list(_code("a product"), "something of one of these products is overdue", uniqueItems=True),
    tenure_from=DAYS_OF_A_CUSTOMER | {"description": "the first bill was issued so many days ago or more"},
    tenure_below=DAYS_OF_A_CUSTOMER | {"description": "the first bill was issued fewer days ago than this"},
    first_payment_default={"type": "boolean", "description": "whether no instalment was ever paid in full"},
)
ARM = _object(
    "A part of the customers who are treated alike, to compare with the others.",
    ["code", "role", "weight"],
    code=_code("its name"),
    role=_choice(ArmRole, "what it is compared as; a holdout is not contacted"),
    weight=_whole(0, 100, "its share of the customers, in percent"),
)
STEP = _object(
    "What is done from a day past due on.",
    ["code", "kind"],
    code=_code("its name"),
    kind=_choice(StepKind, "what it makes: a message, an agent's task, or a decision"),
    from_=_whole(FIRST_DAY, LAST_DAY, "the days past due at which it begins; left out: the first of its days"),
    days=_list(
        _whole(FIRST_DAY, LAST_DAY, "a day"),
        "the days past due on which it acts; none: once, when it begins",
        uniqueItems=True,
    ),
    beside=_code("the stage beside which it acts; left out: it is a stage itself", CODE_OR_NONE),
    queue=_code("where its tasks go", CODE_OR_NONE),
    template=_code("the text of its message", CODE_OR_NONE),
    channels=_list(
        _choice(Channel, "a channel"), "in order of preference, the next where one is not allowed", uniqueItems=True
    ),
    segments=_list(_code("a segment"), "acts only for cases in one of these; none: for all", uniqueItems=True),
    arms=_list(_code("an arm"), "acts only in these; none: in every arm that may be contacted", uniqueItems=True),
    wait=_whole(0, 90, "acts only when the last contact or message was so many days ago or more"),
    exits=_list(
        _choice(Exit, "an event"),
        "does not act any more once this happened in the stage; left out: as usual for its kind",
        uniqueItems=True,
    ),
    minutes=_whole(1, 480, "what its task takes an agent, for simulations"),
)
SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Strategy",
    **_object(
        "A treatment path: what is done with a customer at how many days past due.",
        ["code", "version", "name", "promises", "steps"],
        code=_code("its name"),
        version=_whole(1, 100_000, "its version"),
        name={"type": "string", "minLength": 1, "maxLength": 100, "description": "its name for people"},
        existing_cases=_choice(ExistingCases, "when cases of an earlier version move to this one"),
        promises=_object(
            "What may be promised.",
            ["within_days", "grace_days"],
            within_days=_whole(0, 365, "how many days ahead a promise may be"),
            grace_days=_whole(0, 30, "how many days after its date money still counts"),
        ),
        caps=_object(
            "The most that one customer gets of it on a day.",
            [],
            messages=_whole(1, 10, "messages"),
            tasks=_whole(1, 10, "agents' tasks"),
        ),
        segments=_list(SEGMENT, "the segments that steps name"),
        experiment=_object(
            "Who is treated how, by chance.",
            ["salt", "arms"],
            salt={
                "type": "string",
                "minLength": 1,
                "maxLength": 40,
                "description": "the name of the experiment: the same customer is in the same arm while it stays",
            },
            arms=_list(ARM, "champion, challengers, holdout", minItems=1),
        ),
        steps=_list(STEP, "in order of their days"),
    ),
}
