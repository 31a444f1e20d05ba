"""The book as a file: JSON lines, CSV or Parquet, in pieces of bounded size."""

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from apps.audit.domain import canonical
from apps.audit.domain.cells import plain
from apps.audit.models import Operation
from apps.core.sql import load

PIECE = 5_000  # events
COLUMNS = (
    "seq", "type", "recorded_at", "at", "part_of", "action", "decision", "actor", "acting_role", "on_behalf_of",
    "authority", "policy_version", "reason", "request_id", "attempt", "address", "channel", "object_type", "object_id",
    "kind", "sentence", "db_role", "leaf",
)  # fmt: skip
OPERATION_COLUMNS = (
    "seq", "recorded_at", "at", "parent_seq", "action", "decision", "actor", "acting_role", "on_behalf_of",
    "authority", "policy_version", "reason", "request_id", "attempt", "address", "channel", "object_type", "object_id",
    "sentence", "leaf",
)  # fmt: skip
WHOLE_NUMBERS = {"seq", "part_of", "attempt"}
Row = tuple[Any, ...]


class Format(StrEnum):
    """How the book may be written to a file."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def events(start: dt.datetime, end: dt.datetime) -> Iterator[Sequence[Row]]:
    """The events recorded from start until just before end in the order of their numbers, piece by piece."""
    with transaction.atomic():
        connection.ensure_connection()
        with connection.connection.cursor(name="audit_export") as cursor:
            cursor.execute(load("audit", "export"), {"start": start, "end": end})
            while rows := cursor.fetchmany(PIECE):
                yield rows


def jsonl(rows: Sequence[Row]) -> bytes:
    """The leaves, one a line."""
    return "".join(f"{row[-1]}\n" for row in rows).encode()


def csv_lines(rows: Sequence[Sequence[Any]]) -> bytes:
    """Lines of CSV in which no cell is taken for a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def operation_pieces(operations: QuerySet[Operation]) -> Iterator[tuple[bytes, int]]:
    """The operations as CSV with a byte-order mark for spreadsheets, in pieces (bytes, rows)."""
    yield codecs.BOM_UTF8 + csv_lines([OPERATION_COLUMNS]), 0
    leaf = RawSQL('audit.leaf("audit"."operation".*)', ())
    found = operations.annotate(leaf=leaf).values_list(*OPERATION_COLUMNS)
    for rows in batched(found.iterator(PIECE), PIECE):
        yield csv_lines([[_cell(value) for value in row] for row in rows]), len(rows)


def _cell(value: Any) -> Any:
    return canonical.moment(value) if isinstance(value, dt.datetime) else value


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of at most this size."""
    found = iter(rows)
    while piece := list(islice(found, size)):
        yield piece


def write(file: BinaryIO, kind: Format, start: dt.datetime, end: dt.datetime) -> Iterator[int]:
    """Write the events to the file; yields how many were written with each piece."""
    if kind == Format.PARQUET:
        yield from _write_parquet(file, start, end)
        return
    if kind == Format.CSV:
        file.write(csv_lines([COLUMNS]))
    for rows in events(start, end):
        file.write(csv_lines(rows) if kind == Format.CSV else jsonl(rows))
        yield len(rows)


def _write_parquet(file: BinaryIO, start: dt.datetime, end: dt.datetime) -> Iterator[int]:
    types = [pa.int64() if name in WHOLE_NUMBERS else pa.string() for name in COLUMNS]
    schema = pa.schema(list(zip(COLUMNS, types, strict=True)))
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in events(start, end):
            arrays = [pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), types, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield len(rows)
