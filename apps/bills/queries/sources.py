"""Files as streams of rows of text in bounded memory: CSV in UTF-8 (with or without a BOM, any line end), Parquet."""

import csv
import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from apps.bills.domain.portfolio import Refusal
from apps.core.domain.refusal import Refused

ROWS = 2_000  # at once
WINDOW = 1 << 20  # bytes read from a Parquet column at once
LINE = 1 << 20  # bytes that a line of CSV may have
SUFFIXES = (".csv", ".parquet")

Row = tuple[int, Sequence[str]]  # its number and its fields


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows, the ones whose number of fields is wrong apart, and how far into the file we are (0 to 1)."""

    rows: list[Row]
    refusals: list[Refusal]
    share: float


class Source(Protocol):
    """A file that has been opened."""

    name: str
    header: list[str]

    def batches(self) -> Iterator[Batch]:
        """The rows from the first to the last, once."""
        ...


def fingerprint(path: Path) -> str:
    """The file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_source(path: Path) -> Source:
    """Open by the name's end; a file that is no table at all is `Refused`."""
    if not path.is_file():
        raise Refused(f"There is no file {path}.", code="file_missing")
    if not path.stat().st_size:
        raise Refused(f"{path.name} is empty: it has not even a header.", code="file_empty")
    return ParquetSource(path) if path.suffix.lower() == ".parquet" else CsvSource(path)


def lines(path: Path, required: Collection[str], optional: Collection[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a small file with their numbers, their columns by name; a broken line comes with none."""
    source = open_source(path)
    lacking = [name for name in required if name not in source.header]
    unknown = [name for name in source.header if name not in (*required, *optional)]
    if lacking:
        raise Refused(f"{source.name} lacks the column {lacking[0]}.", code="column_missing")
    if unknown:
        raise Refused(f"{source.name} has a column that we do not know: {unknown[0]}.", code="column_unknown")
    for batch in source.batches():
        yield from ((refusal.row, {}) for refusal in batch.refusals)
        yield from ((number, dict(zip(source.header, fields, strict=True))) for number, fields in batch.rows)


class CsvSource:
    """A CSV file; the header is row 1."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        with path.open("rb") as file:
            self.header = [name.strip() for _, fields in self._rows(file, first_only=True) for name in fields]
        if not any(self.header):
            raise Refused(f"{self.name} has no header.", code="file_empty")

    def batches(self) -> Iterator[Batch]:
        """Read on, a batch at a time."""
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            rows: list[Row] = []
            refusals: list[Refusal] = []
            width = len(self.header)
            for number, fields in self._rows(file):
                if number == 1 or not fields:
                    continue
                if len(fields) != width:
                    refusals.append(Refusal(self.name, number, "", "fields", str(len(fields))))
                elif any("\0" in field for field in fields):
                    refusals.append(Refusal(self.name, number, "", "character", ""))
                else:
                    rows.append((number, [field.strip() for field in fields]))
                if len(rows) + len(refusals) >= ROWS:
                    yield Batch(rows, refusals, file.tell() / size)
                    rows, refusals = [], []
            yield Batch(rows, refusals, 1.0)

    def _rows(self, file: BinaryIO, *, first_only: bool = False) -> Iterator[tuple[int, list[str]]]:
        number = 0
        try:
            for number, fields in enumerate(csv.reader(self._lines(file), strict=True), start=1):
                yield number, fields
                if first_only:
                    return
        except csv.Error as error:
            raise Refused(f"{self.name}, row {number + 1}: not a CSV row ({error}).", code="file_not_csv") from None

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        for number, line in enumerate(iter(lambda: file.readline(LINE), b""), start=1):
            if len(line) == LINE:
                raise Refused(f"{self.name}, line {number}: longer than a row can be.", code="file_not_csv")
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Refused(
                    f"{self.name}, line {number}: not UTF-8 (byte 0x{line[error.start]:02X}). "
                    "Save the file as CSV in UTF-8; GBK, Big5 and UTF-16 are not read.",
                    code="file_encoding",
                ) from None
            yield text.removeprefix("\ufeff") if number == 1 else text


class ParquetSource:
    """A Parquet file; it has no header, its first row is row 1."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        try:
            self.header = [str(name) for name in pq.read_schema(path).names]
        except (pa.ArrowException, OSError) as error:
            raise self._broken(error) from None

    def batches(self) -> Iterator[Batch]:
        """Read on, a batch at a time."""
        number = 0
        try:
            with pq.ParquetFile(self.path, buffer_size=WINDOW, pre_buffer=False) as file:
                total = file.metadata.num_rows
                for batch in file.iter_batches(batch_size=ROWS):
                    columns = [_text(column) for column in batch.columns]
                    rows: list[Row] = []
                    refusals: list[Refusal] = []
                    for fields in zip(*columns, strict=True):
                        number += 1
                        if any("\0" in field for field in fields):
                            refusals.append(Refusal(self.name, number, "", "character", ""))
                        else:
                            rows.append((number, fields))
                    yield Batch(rows, refusals, number / total)
        except (pa.ArrowException, OSError) as error:
            raise self._broken(error) from None

    def _broken(self, error: Exception) -> Refused:
        return Refused(
            f"{self.name} is not a whole Parquet file: {str(error).splitlines()[0]}", code="file_not_parquet"
        )


def _text(column: "pa.Array[Any]") -> list[str]:
    """A column as text; what is absent is empty."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind):
        column = pc.replace_substring_regex(column.cast(pa.string()), r" 00:00:00(\.0+)?Z?$", "")
    elif pa.types.is_decimal(kind):
        column = pc.replace_substring_regex(column.cast(pa.string()), r"(\.\d\d)0+$", r"\1")
    elif pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column).cast(pa.string())
    elif not pa.types.is_string(kind):
        column = column.cast(pa.string())
    return [text.strip() if text else "" for text in column.to_pylist()]
