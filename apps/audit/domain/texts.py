"""SQL expressions for the canonical text of a column's values."""

from collections.abc import Callable
from enum import StrEnum


class Form(StrEnum):
    """How the values of a column are written in canonical JSON."""

    TEXT = "text"
    NUMBER = "number"  # whole, within 2^53-1
    DIGITS = "digits"  # a string of the digits: money, keys, identifiers
    FLAG = "flag"
    DATE = "date"
    MOMENT = "moment"
    JSON = "json"
    LIST = "list"  # of texts, whole numbers or flags
    DIGIT_LIST = "digit_list"
    RANGE = "range"


WRITERS: dict[Form, Callable[[str], str]] = {
    Form.TEXT: lambda x: f"to_json({x})::text",
    Form.NUMBER: lambda x: f"{x}::text",
    Form.DIGITS: lambda x: f"('\"' || {x}::text || '\"')",
    Form.FLAG: lambda x: f"{x}::text",
    Form.DATE: lambda x: f"to_json({x})::text",
    Form.MOMENT: lambda x: (
        f"CASE WHEN {x} >= '0001-01-01 00:00:00+00' AND {x} < '10000-01-01 00:00:00+00' "
        f"THEN '\"' || to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"' "
        f"ELSE to_json({x} AT TIME ZONE 'UTC')::text END"
    ),
    Form.JSON: lambda x: f"CASE WHEN {x} IN ('{{}}', '[]') THEN {x}::text ELSE audit.canonical({x}) END",
    Form.LIST: lambda x: f"to_json({x})::text",
    Form.DIGIT_LIST: lambda x: f"to_json({x}::text[])::text",
    Form.RANGE: lambda x: f"to_json({x}::text)::text",
}


def concatenated(texts: list[str]) -> str:
    """The texts joined as a balanced tree, so that what stands in front is not copied again for each that follows."""
    if len(texts) == 1:
        return texts[0]
    middle = len(texts) // 2
    return f"({concatenated(texts[:middle])}\n                || {concatenated(texts[middle:])})"


def commitment(salt: str, text: str) -> str:
    """The hex SHA-256 of the salt and the value's text, quoted."""
    return f"""coalesce('"' || encode(sha256(convert_to({salt} || {text}, 'UTF8')), 'hex') || '"', 'null')"""
