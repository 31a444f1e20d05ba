"""Cells of a spreadsheet that are what they look like."""

from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain(value: Any) -> str:
    """The value as a cell that no spreadsheet takes for a formula: an apostrophe before what could be one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text
