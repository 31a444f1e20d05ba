"""Retiring months of the book: into cold files that prove themselves, and only then out of the database.

A month leaves in one transaction with the operation that says so, after its files lie verified on the disk. Cut off
before that, nothing has left, and the same command goes on with the files that are there. Runs as the tables' owner.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections, transaction
from psycopg.errors import LockNotAvailable

from apps.audit.actions import operations, packages
from apps.audit.actions.packages import Wish
from apps.audit.domain.retirement import Month, Places
from apps.audit.queries import cold, retirement, seals
from apps.audit.queries.files import Format
from apps.audit.queries.leaves import Period, Reader
from apps.audit.queries.retirement import Retired
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.sql import load
from apps.core.texts import gettext as _

LOCK = 7_220_453
PATIENCE = "60s"  # for those who read or write the book to end

Progress = Callable[[Month, int, int], None]


@dataclass(frozen=True)
class Left:
    """A month that left, or would: its events, its files, and how many personal values beside the trail go with it."""

    month: Month
    events: int
    personal: int
    files: Sequence[str] = ()


@dataclass(frozen=True)
class _File:
    """A verified cold file: the tree that it is of, where the month's events stand in it, and the file's SHA-256."""

    book: int
    path: Path
    places: Places
    sha256: str


def retire(
    *, before: dt.date, folder: Path, reason: str, progress: Progress, by: Actor, at: dt.datetime, using: str = "owner"
) -> Iterator[Left]:
    """Retire every month that ended before a day, the oldest first; yields each when it has left.

    Refused for a month that must still be kept or is not sealed, where a file cannot be written or does not verify, and
    where the book holds more of the month than was sealed.
    """
    if not reason.strip():
        raise Refused(_("Say why: the trail keeps the reason."), code="reason_missing")
    busy = Refused(_("Months are being retired by somebody else."), code="retired_elsewhere")
    with sql.alone(LOCK, 0, patience="1ms", refusal=busy, using=using):
        for month in due(before=before, by=by, at=at, using=using):
            yield _retire(month, folder, reason.strip(), progress, by, at, using)


def due(*, before: dt.date, by: Actor, at: dt.datetime, using: str = "owner") -> list[Month]:
    """The months that ended before a day; refused where one of them must still be kept."""
    months = [month for month in retirement.months(using) if month.end.date() <= before]
    for month in months:
        until = month.kept_until(retirement.years())
        if until > at.date():
            words = {"month": month.name, "date": until, "years": retirement.years()}
            sentence = _("%(month)s must be kept until %(date)s (RETENTION_YEARS, trail: %(years)s years).")
            raise Refused(sentence % words, code="retention")
    return months


def planned(*, before: dt.date, by: Actor, at: dt.datetime, using: str = "owner") -> list[Left]:
    """What would leave."""
    return [Left(month, *_rows(month, using)[::2]) for month in due(before=before, by=by, at=at, using=using)]


def _retire(
    month: Month, folder: Path, reason: str, progress: Progress, by: Actor, at: dt.datetime, using: str
) -> Left:
    files = [file for book in _books("default") if (file := _file(month, book, folder, reason, progress, by, at))]
    with operations.operation(
        retirement.ACTION, by=by, at=at, on=("audit.trail", month.name), reason=reason, using=using
    ) as op:
        _hold(month, using)
        events, unattributed, personal = _rows(month, using)
        covered = sum(len(file.places) for file in files)
        if events != covered:
            words = {"month": month.name, "events": events, "covered": covered}
            sentence = _(
                "The book holds %(events)s events of %(month)s, and the files %(covered)s: nothing is retired."
            )
            raise Refused(sentence % words, code="not_covered")
        assert op.seq is not None
        found = _retired(month, files, op.seq, at, using)
        _execute(using, load("audit", "drop_month").format(month=month.part))
        for row in found:
            values = (
                row.book, month.first_date, row.op_seq, row.places.text, row.events, list(row.referred), row.file,
                row.sha256, at,
            )  # fmt: skip
            _execute(using, load("audit", "retire"), values)
        names = [file.path.name for file in files]
        op.sentence = f"{events} events of {month.name} left the database for {', '.join(names) or 'no file'}."
        op.detail = {
            "month": month.name, "events": events, "unattributed": unattributed, "personal_values": personal,
            "files": [row.fact for row in found],
        }  # fmt: skip
    return Left(month, events, personal, names)


def _books(using: str) -> list[int]:
    return [book.number for book in seals.books(using)]


def _file(
    month: Month, book: int, folder: Path, reason: str, progress: Progress, by: Actor, at: dt.datetime
) -> _File | None:
    """The month's verified file of a tree, written unless it is there; none where the tree has nothing of it."""
    period, path = Period(month.start, month.end), folder / f"trail-{month.name}-{book}.zip"
    if not _has_any(period, book):
        return None
    if not path.exists():
        wish = Wish(period, Format.JSONL, {"month": month.name}, purpose=reason, cold=folder, book=book)
        _prepare(folder, path, by, at)
        packages.export(wish=wish, out=path, progress=lambda done, of: progress(month, done, of), by=by, at=at)
        _sync(path)
    with _shown(book, "default"):
        places = cold.check(path, month, "default")
    with path.open("rb") as file:
        return _File(book, path, places, hashlib.file_digest(file, "sha256").hexdigest())


def _has_any(period: Period, book: int) -> bool:
    with _shown(book, "default"):
        end = seals.last("default")
        return end is not None and Reader(period, None, "default").batches(end.size) is not None


@contextmanager
def _shown(book: int, using: str) -> Iterator[None]:
    with transaction.atomic(using=using), seals.shown(book, using):
        yield


def _prepare(folder: Path, path: Path, by: Actor, at: dt.datetime) -> None:
    """Have the folder, without what an attempt left half written that was cut off."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        packages.discard_drafts(out=path, by=by, at=at)
    except OSError as error:
        words = {"path": folder, "reason": error.strerror or error}
        raise Refused(_("%(path)s cannot be written to: %(reason)s.") % words, code="unwritable") from None


def _sync(path: Path) -> None:
    """See to it that the file and its name are on the disk."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _hold(month: Month, using: str) -> None:
    """Take the month's partitions out of the book; nobody reads or writes the book until the transaction ends."""
    seals.rows(using, "select set_config('lock_timeout', %(patience)s, true)", {"patience": PATIENCE})
    try:
        _execute(using, load("audit", "detach_month").format(month=month.part))
    except DatabaseError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        sentence = _("Somebody has used the book for longer than a minute; stop the product and try again.")
        raise Refused(sentence, code="writers") from None


def _rows(month: Month, using: str) -> tuple[int, int, int]:
    (found,) = seals.rows(using, load("audit", "month_rows").format(month=month.part))
    events, unattributed, personal = found
    return events, unattributed, personal


def _retired(month: Month, files: Sequence[_File], seq: int, at: dt.datetime, using: str) -> list[Retired]:
    referred = [number for (number,) in seals.rows(using, load("audit", "referred").format(month=month.part))]
    return [
        Retired(
            month, seq, len(file.places), file.path.name, file.sha256, at, file.places, referred if not place else [],
            file.book,
        )
        for place, file in enumerate(file for file in files if len(file.places))
    ]  # fmt: skip


def _execute(using: str, statement: str, values: Sequence[Any] | None = None) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values)
