"""The bank's answer to a debit file, line by line, and the fault of a file that is no answer."""

from collections.abc import Iterator
from pathlib import Path

from apps.bills.domain.debits import OPTIONAL_COLUMNS, RESULT_COLUMNS
from apps.bills.queries import sources
from apps.core.domain.refusal import Refused

Line = tuple[int, dict[str, str]]


def lines(path: Path) -> Iterator[Line]:
    """The lines with their numbers and their columns by name; a broken line comes with none."""
    source = sources.open_source(path)
    lacking = [name for name in RESULT_COLUMNS if name not in source.header]
    unknown = [name for name in source.header if name not in (*RESULT_COLUMNS, *OPTIONAL_COLUMNS)]
    if lacking:
        raise Refused(f"{source.name} lacks the column {lacking[0]}.", code="column_missing")
    if unknown:
        raise Refused(f"{source.name} has a column that we do not know: {unknown[0]}.", code="column_unknown")
    for batch in source.batches():
        yield from ((refusal.row, {}) for refusal in batch.refusals)
        yield from ((number, dict(zip(source.header, fields, strict=True))) for number, fields in batch.rows)
