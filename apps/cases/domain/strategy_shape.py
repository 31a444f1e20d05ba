"""What keeps a strategy's document from being read: what its JSON Schema does not allow, part by part."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from apps.cases.domain.strategy_schema import AMOUNT, SCHEMA

VALIDATOR = Draft202012Validator(SCHEMA)
NAMED = {"steps": "step", "segments": "segment", "arms": "arm"}
Words = Mapping[str, str | int]


class Fault(NamedTuple):
    """One thing that is wrong, by its code and the words of its sentence."""

    code: str
    words: Words = {}


def faults(document: Any) -> list[Fault]:
    """Everything that the schema does not allow, in order of the document."""
    found = sorted(VALIDATOR.iter_errors(document), key=lambda error: [str(part) for part in error.absolute_path])
    return [fault for error in found for fault in _of(error, document)]


def _of(error: ValidationError, document: Any) -> Iterator[Fault]:
    path = list(error.absolute_path)
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        key = next(name for name in missing if f"'{name}'" in error.message)
        yield Fault("shape_missing", {**_where(path, document), "key": key})
    elif error.validator == "additionalProperties":
        for key in sorted(error.instance.keys() - error.schema["properties"].keys()):
            yield Fault("shape_unknown", {**_where(path, document), "key": key})
    else:
        yield _value(error, path, document)


def _value(error: ValidationError, path: list[str | int], document: Any) -> Fault:
    """A value that may not be."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if not path or (isinstance(path[-1], int) and key in NAMED):
        return Fault("shape_object", {**_where(path[:-1], document), "key": key or "strategy"})
    words = {**_where(path[: path.index(key)] if path.count(key) == 1 else path[:-1], document), "key": key}
    words["value"] = str(error.instance)[:40]
    schema = error.schema
    if "enum" in schema:
        return Fault("shape_choice", {**words, "choices": ", ".join(schema["enum"])})
    kind = schema.get("type")
    if kind == "integer":
        return Fault("shape_whole", {**words, "low": schema["minimum"], "high": schema["maximum"]})
    if kind == "string" and "pattern" in schema:
        return Fault("shape_amount" if schema["pattern"] == AMOUNT else "shape_code", words)
    if kind == "string":
        return Fault("shape_text", {**words, "high": schema["maxLength"]})
    if kind == "array" and error.validator == "uniqueItems":
        return Fault("shape_twice", words)
    return Fault({"array": "shape_list", "boolean": "shape_flag"}.get(str(kind), "shape_object"), words)


def _where(path: list[str | int], document: Any) -> dict[str, str | int]:
    """The part of the document that a path lies in, by what it is called."""
    here, kind, name = document, "strategy", ""
    for place, part in enumerate(path):
        here = here[part]
        before = path[place - 1] if place else ""
        if isinstance(part, int) and before in NAMED:
            code = here.get("code") if isinstance(here, Mapping) else None
            kind, name = NAMED[str(before)], str(code) if code else str(part + 1)
        elif isinstance(part, str) and isinstance(here, Mapping):
            kind, name = part, ""
    return {"kind": kind, "name": name}
