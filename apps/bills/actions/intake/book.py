"""What every import shares: one transaction, one operation; taken whole, or refused whole with every bad row named."""

import csv
import datetime as dt
import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, connection

from apps.audit import actions as audit
from apps.bills.actions import posting
from apps.bills.actions.intake.staging import Progress, Staging
from apps.bills.domain import schedule
from apps.bills.domain.portfolio import Refusal
from apps.bills.queries import facts, sources
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.credit.actions import intake as credit
from apps.customers.actions import intake as customers

SHOWN = 100
LOCK = 7_220_450  # one import at a time
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows of one kind: how many there were, were new, were known with the same content."""

    rows: int
    created: int

    @property
    def unchanged(self) -> int:
        """The rows that the book knew."""
        return self.rows - self.created


@dataclass(frozen=True, slots=True)
class Report:
    """An import that was taken: rows of the files, and what they were in the book."""

    rows: int
    created: int
    tables: dict[str, Taken] = field(default_factory=dict)

    @property
    def unchanged(self) -> int:
        """The rows of which the book knew everything."""
        return self.rows - self.created


class Turned(Refused):
    """An import that was refused: rows in all and bad ones, the first of what is wrong, and the file that names all."""

    def __init__(self, total: int, rows: int, faults: int, shown: Sequence[Refusal], file: Path) -> None:
        what = f"{rows:,} bad rows are" if rows != 1 else "1 bad row is"
        super().__init__(f"Nothing was taken: {what} named in {file}.", code="portfolio_refused")
        self.total = total
        self.rows = rows
        self.faults = faults
        self.shown = tuple(shown)
        self.file = file


Stage = Callable[[Staging], int]  # fills the staging tables, names what is bad, answers the number of rows


def take(
    *,
    files: Sequence[Path],
    stage: Stage,
    tables: Collection[str],
    refusals: Path,
    by: Actor,
    at: dt.datetime,
    progress: Progress,
) -> Report:
    """Stage, check and load in one transaction; nothing is kept of what is refused but its name."""
    detail = [{"file": path.name, "sha256": sources.fingerprint(path)} for path in files]
    try:
        with audit.operation("portfolio.import", by=by, at=at) as op:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
                cursor.execute("discard plans")  # those of a connection that knew a small book fit a large one badly
            staging = Staging()
            rows = stage(staging)
            _refuse_bad(staging, rows, refusals)
            taken = {name: _taken(staging, name) for name in tables}
            report = Report(rows, _rows_that_created(staging, tables, one_file=len(files) == 1), taken)
            if report.created:
                _load(staging, by, at, progress)
            op.sentence = (
                f"Imported {rows:,} rows of {', '.join(path.name for path in files)}: "
                f"{report.created:,} new, {report.unchanged:,} known."
            )
            op.detail = {"files": detail, "rows": rows, "created": {n: t.created for n, t in taken.items()}}
    except IntegrityError as error:
        if "unique" not in str(error):
            raise
        raise Refused(
            "Somebody recorded one of these references at the same moment: nothing was taken, import again.",
            code="reference_taken",
        ) from error
    return report


def _refuse_bad(staging: Staging, total: int, file: Path) -> None:
    faults, rows = staging.fetch("select count(*), count(distinct (file, row)) from refusal")
    if not faults:
        return
    found = staging.refused()
    shown = list(itertools.islice(found, SHOWN))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("file", "row", "column", "reason"))
            writer.writerows((r.file, r.row or "", r.column, r.reason) for r in itertools.chain(shown, found))
    except OSError as error:
        raise Refused(f"{rows:,} bad rows, but {file} cannot be written: {error.strerror}.", code="refusals") from error
    raise Turned(total, rows, faults, shown, file)


def _taken(staging: Staging, name: str) -> Taken:
    return Taken(*staging.fetch(f"select count(*), count(*) filter (where known is null) from staged_{name}"))  # noqa: S608


def _rows_that_created(staging: Staging, tables: Collection[str], *, one_file: bool) -> int:
    """Rows of which at least something is new; a row of one file may have become rows of several tables."""
    new = " union ".join(
        f"select '{'' if one_file else name}', row from staged_{name} where known is null and row > 0"  # noqa: S608
        for name in tables
    )
    (rows,) = staging.fetch(f"select count(*) from ({new}) new")  # noqa: S608
    return int(rows)


def _load(staging: Staging, by: Actor, at: dt.datetime, progress: Progress) -> None:
    progress("Take the rows into the book", 0)
    customers.load_staged(by=by, at=at)
    credit.load_staged(by=by, at=at)
    _share_out(staging)
    for number, name in enumerate(("bills", "purchases", "instalments", "repayments", "refunds"), start=1):
        staging.run(f"load_{name}")
        progress("Take the rows into the book", number / 5)
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", "intake/touched"))
        touched = [key for (key,) in cursor.fetchall()]
    _post(touched, by, at, progress)


def _post(touched: Sequence[int], by: Actor, at: dt.datetime, progress: Progress) -> None:
    done = 0

    def advance(accounts: int) -> None:
        nonlocal done
        done += accounts
        progress("Post the accounts", done / len(touched))

    posting.post(customers=touched, by=by, at=at, progress=advance)


def _share_out(staging: Staging) -> None:
    """Derive the instalments of the new bills in order mode from their products' conditions."""
    conditions = facts.terms()
    with connection.chunked_cursor() as bills:
        bills.execute(sql.load("bills", "intake/order_bills"))
        while found := bills.fetchmany(CHUNK):
            shares = (
                (reference, share.number, share.due_date, share.amount, share.fee)
                for reference, terms, amount, purchased, instalments in found
                for share in schedule.shares(amount, purchased, instalments, conditions[terms])
            )
            staging.copy("staged_share (bill, number, due_date, amount, fee)", shares)
    staging.execute("analyze staged_share")
