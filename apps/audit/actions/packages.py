"""Exporting the trail as a package: recorded before the first byte and after the last, and put in its place whole."""

import datetime as dt
import glob
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.audit.actions import exports, revealing, sealing
from apps.audit.domain import canonical, columns
from apps.audit.domain.envelope import Decision
from apps.audit.queries import files, leaves, packages, retirement, seals
from apps.audit.queries.cold import Cold
from apps.audit.queries.leaves import Period, Reader, Selection
from apps.audit.queries.packages import Order, Progress
from apps.core import texts
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

WHAT = "audit.trail"
PATIENCE = 600.0  # seconds of sealing before an export


@dataclass(frozen=True)
class Wish:
    """What somebody wants exported: a period and how; `filters` as they are recorded, `selection` what they choose."""

    period: Period
    kind: files.Format
    filters: dict[str, Any]
    selection: Selection | None = None
    purpose: str = ""
    authority: str = ""
    earlier: str | None = None  # the note of a checkpoint that the receiver holds
    sealed_part: bool = False  # as far as the period is sealed, where it is not sealed yet
    cold: Path | None = None  # the folder with the files of what left the database
    clear: str = ""  # the approved request by which personal values go out in clear
    book: int | None = None  # which of our trees, counted from 1; else the one that grows


@dataclass(frozen=True)
class Package:
    """An export as it was written."""

    seq: int
    events: int
    size: int
    sha256: str


def export(*, wish: Wish, out: Path, progress: Progress, by: Actor, at: dt.datetime, using: str = "default") -> Package:
    """Write the events of a period with their proofs to a zip file, which appears whole or not at all.

    What is committed is sealed first. Refused for a period that has not begun or is not sealed, for a book that is not
    as it was sealed, and where the file cannot be written; whatever breaks an export off is recorded with it.
    """
    if wish.period.end <= wish.period.start:
        raise Refused(_("The last day lies before the first."), code="period_empty")
    if wish.period.start > at:
        raise Refused(_("The period has not begun."), code="period_to_come")
    if out.exists():
        raise Refused(_("%(path)s exists already.") % {"path": out}, code="file_exists")
    until = Period(wish.period.start, min(wish.period.end, at))
    not_sealed = _seal(by, at, using)
    with _tree(wish, using):
        now = packages.signed(using)
        _check_sealed(wish, until, now.checkpoint.size, not_sealed, using)
        _check_retired(wish, until, using)
    filters = {
        "from": canonical.moment(wish.period.start), "until": canonical.moment(until.end), "format": wish.kind,
        **wish.filters,
    }  # fmt: skip
    if wish.clear:
        filters["personal"] = "clear"
    with _draft(out) as folder:
        export = exports.begin(
            what=WHAT, filters=filters, columns=list(columns.COLUMNS), purpose=wish.purpose, authority=wish.authority,
            by=by, at=at,
        )  # fmt: skip
        with _recorded(export, by, at):
            facts: dict[str, Any] = {
                "period": {name: filters[name] for name in ("from", "until")},
                "filters": wish.filters,
            }
            facts |= {"purpose": wish.purpose, "operation": str(export.seq), "personal": "commitments"}
            if wish.clear:
                facts |= {"personal": "clear", "approval": wish.clear}
            reader = Reader(until, wish.selection, using, Cold(wish.cold) if wish.cold else None)
            order = Order(reader, wish.kind, facts, wish.earlier)
            content, packed = folder / "content", folder / "package.zip"
            content.mkdir()
            with _tree(wish, using):
                written = packages.write(content, order, now, progress)
            export.rows = written.events
            if wish.clear:
                facts["personal_values"] = revealing.write(
                    folder=content, kind=wish.kind, ticket=wish.clear, purpose=wish.purpose, by=by, at=at
                )
            packages.describe(content, order, now, written)
            packages.pack(content, packed)
            with packed.open("rb") as file:
                export.digest = hashlib.file_digest(file, "sha256")
            export.size = packed.stat().st_size
            packed.rename(out)
    return Package(export.seq, export.rows, export.size, export.digest.hexdigest())


@contextmanager
def _tree(wish: Wish, using: str) -> Iterator[None]:
    """A transaction that sees the tree of the wish."""
    with transaction.atomic(using=using):
        if wish.book is None:
            yield
            return
        with seals.shown(wish.book, using):
            yield


def _seal(by: Actor, at: dt.datetime, using: str) -> Refused | None:
    """Seal what is committed; the reason where that is refused."""
    try:
        sealing.seal(by=by, at=at, seconds=PATIENCE, using=using)
    except Refused as refusal:
        return refusal
    return None


def _check_sealed(wish: Wish, period: Period, size: int, not_sealed: Refused | None, using: str) -> None:
    book = seals.books(using)[-1]
    if wish.book is not None and wish.book != book.number:
        return  # it grows no more
    if wish.book is None and book.begun_at is not None and period.start < book.begun_at:
        words = {"moment": canonical.moment(book.begun_at), "origin": book.origin}
        sentence = _("The tree %(origin)s begins at %(moment)s: what was sealed before is in another one.")
        raise Refused(sentence % words, code="another_tree")
    first = leaves.unsealed(period, size, using)
    if first is None or wish.sealed_part:
        return
    words = {"moment": canonical.moment(first), "reason": not_sealed.sentence if not_sealed else ""}
    sentence = _("The period is sealed until %(moment)s only; what was recorded since cannot be proven yet.")
    if not_sealed:
        sentence = _("The period is sealed until %(moment)s only: %(reason)s")
    raise Refused(sentence % words, code="not_sealed")


def _check_retired(wish: Wish, period: Period, using: str) -> None:
    for found in retirement.gone(using).months:
        if found.overlaps(period.start, period.end) and (wish.selection is not None or wish.cold is None):
            raise leaves.retired(found.month, found.file)


def discard_drafts(*, out: Path, by: Actor, at: dt.datetime) -> None:
    """Remove what an export to this file left half written that was killed; none may be under way."""
    for draft in out.parent.glob(f".{glob.escape(out.name)}.*"):
        shutil.rmtree(draft)


@contextmanager
def _draft(out: Path) -> Iterator[Path]:
    """A hidden folder beside the file to come; it is gone afterwards, whatever happens."""
    try:
        draft = tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent)
    except OSError as error:
        raise _unwritable(error) from None
    with draft as folder:
        yield Path(folder)


@contextmanager
def _recorded(export: exports.OpenExport, by: Actor, at: dt.datetime) -> Iterator[None]:
    """Record the end of the export, also of one that breaks off, and why it did."""
    decision, failure = Decision.ERROR, ""
    try:
        yield
        decision = Decision.ALLOW
    except Refused as refusal:
        failure = texts.english(refusal.sentence)
        raise
    except OSError as error:
        unwritable = _unwritable(error)
        failure = texts.english(unwritable.sentence)
        raise unwritable from error
    except Exception as error:
        failure = type(error).__name__
        raise
    finally:
        exports.done(export=export, decision=decision, failure=failure, by=by, at=at)


def _unwritable(error: OSError) -> Refused:
    words = {"reason": error.strerror or error}
    return Refused(_("The export cannot be written: %(reason)s.") % words, code="unwritable")
