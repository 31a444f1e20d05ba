"""The staging tables of one import: raw text by COPY, checked set by set, then typed; gone with the transaction."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from apps.bills.domain import checks
from apps.bills.domain.portfolio import BY_NAME, PROFILE, TABLES, Column, Refusal, Table
from apps.bills.queries.sources import Source
from apps.core import sql
from apps.customers.queries import intake as customers

BOOK = {
    "products": "bills_product",
    "customers": "customers_customer",
    "credit_lines": "credit_creditline",
    "purchases": "bills_purchase",
    "bills": "bills_bill",
    "repayments": "bills_repayment",
    "refunds": "bills_refund",
}
Progress = Callable[[str, float], None]  # what is being done, and how much of it is (0 to 1)


class Staging:
    """The staged rows and their refusals, in the caller's transaction."""

    def __init__(self, tables: Sequence[Table] = TABLES) -> None:
        """Make the empty typed tables, and the table of refusals."""
        self.run("stage")
        for table in tables:
            columns = ", ".join(f"{checks.quoted(c.name)} {checks.storage(c)}" for c in table.columns)
            profile = ", profile jsonb not null default '{}'" if table.name == "customers" else ""
            declared = f"row bigint, known bigint, {columns}{profile}"
            self.execute(f"create temporary table staged_{table.name} ({declared}) on commit drop")

    def execute(self, statement: str, parameters: dict[str, str] | None = None) -> int:
        """Execute a statement made from the declarations; answers how many rows it wrote."""
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return int(cursor.rowcount)

    def run(self, name: str, **parameters: str) -> None:
        """Execute one of our statements."""
        self.execute(sql.load("bills", f"intake/{name}"), parameters)

    def fetch(self, statement: str) -> tuple[Any, ...]:
        """The only row of a statement made from the declarations."""
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row: tuple[Any, ...] = cursor.fetchone()
            return row

    def copy(self, target: str, rows: Iterable[Sequence[Any]]) -> None:
        """COPY rows into a table."""
        with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def stage(self, source: Source, table: Table, *, today: str, progress: Progress) -> int:
        """Copy a file and name every row that is wrong by itself or was there before; answers the number of rows."""
        rows = self.read(source, table, today=today, progress=progress)
        self.name_duplicates(table, file=source.name)
        return rows

    def read(self, source: Source, table: Table, *, today: str, progress: Progress) -> int:
        """Copy a file into its table and name every row that is wrong by itself; answers the number of rows."""
        header = self._header(source, table)
        if header is None:
            return 0
        rows = self._copy_raw(source, table, header, progress)
        present = [table.by_name[name] for name in header if name in table.by_name]
        profile = [name for name in header if name not in table.by_name]
        parameters = {"file": source.name, "today": today}
        faulty = self.execute(_name_faults(table, present), parameters) > 0
        self.execute(_fill(table, present, profile, guarded=faulty), parameters)
        self.execute(f"drop table raw_{table.name}; analyze staged_{table.name}")
        return rows

    def name_duplicates(self, table: Table, *, file: str, column: str = "") -> None:
        """Name every row whose key an earlier row has."""
        key = checks.quoted(table.key)
        self.execute(
            f"insert into refusal select %(file)s, s.row, %(column)s, 'duplicate', s.{key} "  # noqa: S608
            f"from staged_{table.name} s "
            f"join (select {key} as key, min(row) as row from staged_{table.name} "
            f"where {key} is not null group by {key} having count(*) > 1) first "
            f"on first.key = s.{key} and first.row < s.row",
            {"file": file, "column": column or table.key},
        )

    def recognise(self, tables: Collection[str]) -> None:
        """Find the rows whose references the book knows."""
        for name in tables:
            key = checks.quoted(BY_NAME[name].key)
            self.execute(
                f"update staged_{name} s set known = k.id from {BOOK[name]} k where k.{key} = s.{key}"  # noqa: S608
            )

    def name_known(self, table: str, *, file: str, prefix: str = "") -> None:
        """Name every row that the book knows with other content; what is kept of a person is not repeated."""
        self.run(f"known_{table}", file=file, prefix=prefix)
        if table == "customers":
            found = customers.differing()
            self.refuse(Refusal(file, row, f"{prefix}{name}", "known", "the book has another") for row, name in found)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Keep refusals found outside SQL."""
        rows = [(r.file, r.row, r.column, r.code, r.value[:60].replace("\0", "")) for r in refusals]
        if rows:
            self.copy("refusal (file, row, column_name, code, value)", rows)

    def refused(self) -> Iterator[Refusal]:
        """Every refusal in the order of files and rows, in bounded memory."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                "select file, row, column_name, code, value from refusal order by file, row, column_name, code"
            )
            while found := cursor.fetchmany(1000):
                yield from (Refusal(*row) for row in found)

    def _header(self, source: Source, table: Table) -> list[str] | None:
        """The file's columns if they will do; else they are named and None comes back."""
        header, known = source.header, table.by_name
        profiles = table.name == "customers"
        bad = [(c.name, "column_missing") for c in table.columns if c.required and c.name not in header]
        bad += [(n, "column_unknown") for n in header if n not in known and not (profiles and PROFILE.fullmatch(n))]
        bad += [(name, "column_twice") for name in dict.fromkeys(header) if header.count(name) > 1]
        self.refuse(Refusal(source.name, 0, name, code, "") for name, code in bad)
        return None if bad else header

    def _copy_raw(self, source: Source, table: Table, header: Sequence[str], progress: Progress) -> int:
        declared = ", ".join(f"{checks.quoted(name)} text" for name in header)
        odd = "odd_code text, odd_value text"  # a row that is none: what is wrong with it, in the same stream
        self.execute(f"create temporary table raw_{table.name} (row bigint, {odd}, {declared}) on commit drop")
        rows = 0
        nothing = ("",) * len(header)

        def read() -> Iterator[Sequence[Any]]:
            nonlocal rows
            for batch in source.batches():
                yield from ((number, None, None, *fields) for number, fields in batch.rows)
                yield from ((r.row, r.code, r.value, *nothing) for r in batch.refusals)
                rows += len(batch.rows) + len(batch.refusals)
                progress(f"Read {source.name}", batch.share)

        names = ", ".join(map(checks.quoted, header))
        self.copy(f"raw_{table.name} (row, odd_code, odd_value, {names})", read())
        self.execute(
            f"with odd as (delete from raw_{table.name} where odd_code is not null returning *) "  # noqa: S608
            "insert into refusal select %(file)s, row, '', odd_code, odd_value from odd",
            {"file": source.name},
        )
        return rows


def _name_faults(table: Table, present: Sequence[Column]) -> str:
    faults = {column.name: checks.fault(column) for column in present}
    named = ", ".join(f"({checks.literal(n)}, {fault}, r.{checks.quoted(n)})" for n, fault in faults.items())
    return (
        f"insert into refusal select %(file)s, r.row, f.name, f.code, left(f.value, 60) "  # noqa: S608
        f"from (select * from raw_{table.name} r where coalesce({', '.join(faults.values())}) is not null) r "
        f"cross join lateral (values {named}) f (name, code, value) where f.code is not null"
    )


def _fill(table: Table, present: Sequence[Column], profile: Sequence[str], *, guarded: bool) -> str:
    given = {column.name for column in present}
    values = {c.name: checks.typed(c, guarded=guarded) for c in present}
    for c in table.columns:
        if c.name not in given and (c.default or checks.storage(c) == "text"):
            values[c.name] = f"{checks.literal(c.default)}::{checks.storage(c)}"
    if profile:
        values["profile"] = _profile(profile)
    return (
        f"insert into staged_{table.name} (row, {', '.join(map(checks.quoted, values))}) "  # noqa: S608
        f"select r.row, {', '.join(values.values())} from raw_{table.name} r"
    )


def _profile(names: Sequence[str]) -> str:
    """The columns `profile_...` as one object: whole numbers as numbers, empty ones left out."""
    pairs = ", ".join(
        rf"{checks.literal(n.removeprefix('profile_'))}, case when r.{checks.quoted(n)} ~ '^(0|-?[1-9]\d{{0,8}})$' "
        f"then to_jsonb(r.{checks.quoted(n)}::integer) else to_jsonb(nullif(r.{checks.quoted(n)}, '')) end"
        for n in names
    )
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"
