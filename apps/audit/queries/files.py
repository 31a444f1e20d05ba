"""The book as a file: JSON lines, CSV or Parquet, written piece by piece."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from apps.audit.domain import columns
from apps.audit.domain.cells import plain

PIECE = 5_000  # leaves
Write = Callable[[Sequence[str]], object]


class Format(StrEnum):
    """How the book may be written to a file."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


@contextmanager
def writing(folder: Path, kind: Format) -> Iterator[Write]:
    """What takes leaves and writes them to `events` in the folder; beside Parquet the leaves are lines of their own."""
    if kind == Format.PARQUET:
        with _parquet(folder / "events.parquet") as table, _lines(folder / "leaves.jsonl") as lines:
            yield lambda leaves: (table(leaves), lines(leaves))
    elif kind == Format.CSV:
        with _csv(folder / "events.csv") as write:
            yield write
    else:
        with _lines(folder / "events.jsonl") as write:
            yield write


def leaves(folder: Path, kind: Format) -> Iterator[str]:
    """The leaves again that were written into the folder."""
    if kind == Format.CSV:
        with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
            yield from (row["leaf"] for row in csv.DictReader(file))
        return
    with (folder / ("leaves.jsonl" if kind == Format.PARQUET else "events.jsonl")).open(encoding="utf-8") as file:
        yield from (line.removesuffix("\n") for line in file)


@contextmanager
def _lines(path: Path) -> Iterator[Write]:
    with path.open("wb") as file:
        yield lambda leaves: file.write("".join(f"{leaf}\n" for leaf in leaves).encode())


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    with path.open("wb") as file:
        file.write(csv_lines([columns.COLUMNS]))
        yield lambda leaves: file.write(csv_lines([columns.row(leaf) for leaf in leaves]))


def csv_lines(rows: Sequence[Sequence[object]]) -> bytes:
    """Lines of CSV in which no cell is taken for a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    types = [pa.int64() if name in columns.WHOLE_NUMBERS else pa.string() for name in columns.COLUMNS]
    schema = pa.schema(list(zip(columns.COLUMNS, types, strict=True)))

    def write(leaves: Sequence[str]) -> None:
        values = zip(*map(columns.row, leaves), strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(values, types, strict=True)]
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

    with path.open("wb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        yield write
