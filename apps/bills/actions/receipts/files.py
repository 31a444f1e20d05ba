"""The intake of a file of repayments, from its fingerprint to its last chunk; a killed one goes on where it was."""

import contextvars
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Sum

from apps.audit import actions as audit
from apps.bills.actions.intake.staging import Progress
from apps.bills.actions.receipts import chunks, staging
from apps.bills.domain.intake import UNFINISHED, IntakeState
from apps.bills.models import Intake, IntakeChunk
from apps.bills.queries import sources
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

PARTITIONS = 2
CHUNK = 10_000  # rows that are taken in one transaction
LOCK = 7_220_453  # advisory, the session's: a file is taken by one at a time
PATIENCE = "10s"  # whoever was killed may still be in its last statement


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file's rows."""

    intake: Intake
    was_resumed: bool

    @property
    def rows(self) -> int:
        """All of them."""
        return self.intake.rows


def receive(
    *, path: Path, name: str = "", is_whole: bool = False, business_date: dt.date, by: Actor, at: dt.datetime
) -> Intake:
    """Enter a file by its fingerprint; the same file again, while it is not finished, is the same intake."""
    if not path.is_file():
        raise Refused(_("There is no file %(path)s.") % {"path": path}, code="file_missing")
    sha256, size = sources.fingerprint(path), path.stat().st_size
    with audit.operation("bills.receive_intake", by=by, at=at) as op:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK % 2**31, sha256])
        intake = Intake.objects.filter(sha256=sha256, state__in=UNFINISHED).first()
        if intake is not None:
            op.nothing_happened = True
            if not Path(intake.path).is_file():
                return _moved(intake, path)
            return intake
        intake = Intake.objects.create(
            reference=f"I-{at:%Y%m%d}-{sha256[:8]}-{Intake.objects.filter(sha256=sha256).count() + 1}",
            file_name=(name or path.name)[-200:],
            path=str(path.resolve()),
            sha256=sha256,
            size=size,
            is_whole=is_whole,
            business_date=business_date,
            started_at=at,
            started_by=by.actor_id,
        )
        op.on = intake
        op.sentence = f"Received {intake.file_name}, {size:,} bytes."
        op.detail = {"sha256": sha256, "bytes": size}
    return intake


def take(
    *, intake: Intake, partitions: int = PARTITIONS, chunk: int = CHUNK, progress: Progress, by: Actor, at: dt.datetime
) -> Report:
    """Check the file, book its good rows, park its unknown payers'; go on where it was interrupted."""
    if not 1 <= partitions <= 64:
        raise Refused(
            _("A file is taken in 1 to 64 partitions, not %(number)s.") % {"number": partitions}, code="partitions"
        )
    elsewhere = Refused(_("The file is being taken by somebody else."), code="taken_elsewhere")
    with sql.alone(LOCK, intake.pk, patience=PATIENCE, refusal=elsewhere):
        intake.refresh_from_db()
        resumed = intake.state == IntakeState.TAKING
        if intake.state == IntakeState.STAGING:
            staging.stage(intake=intake, chunk=chunk, progress=progress, by=by, at=at)
        if intake.state == IntakeState.TAKING:
            _take_chunks(intake, partitions, progress, by, at)
            _finish(intake, by, at)
    return Report(intake, resumed)


def _moved(intake: Intake, path: Path) -> Intake:
    intake.path = str(path.resolve())
    intake.save(update_fields=["path"])
    return intake


def _take_chunks(intake: Intake, partitions: int, progress: Progress, by: Actor, at: dt.datetime) -> None:
    """Take the chunks side by side, a thread and a connection each: the work is the database's."""
    total, done = intake.rows or 1, _done(intake)
    progress("Book the rows", done / total)

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        progress("Book the rows", min(done / total, 1.0))

    def work() -> None:
        try:
            chunks.take_all(intake=intake, progress=advance, by=by, at=at)
        finally:
            connection.close()  # the connection of the thread that runs this

    left = IntakeChunk.objects.filter(intake=intake, finished_at=None, is_suspense=False).count()
    if min(partitions, left) <= 1:  # what goes to suspense waits for the others anyway
        chunks.take_all(intake=intake, progress=advance, by=by, at=at)
        return
    with ThreadPoolExecutor(partitions, thread_name_prefix="intake") as crew:
        working = [crew.submit(contextvars.copy_context().run, work) for _number in range(partitions)]
    for part in working:
        part.result()


def _done(intake: Intake) -> int:
    found = IntakeChunk.objects.filter(intake=intake, finished_at__isnull=False).aggregate(rows=Sum("rows", default=0))
    return intake.refused + intake.unchanged + int(found["rows"])


def _finish(intake: Intake, by: Actor, at: dt.datetime) -> None:
    with audit.operation("bills.finish_intake", by=by, at=at, on=intake) as op:
        names = ("created", "parked", "unchanged", "refused")
        total = IntakeChunk.objects.filter(intake=intake).aggregate(**{name: Sum(name, default=0) for name in names})
        for name in names:
            setattr(intake, name, getattr(intake, name) + total[name])
        intake.state, intake.finished_at = IntakeState.DONE, at
        intake.save(update_fields=[*names, "state", "finished_at"])
        op.detail = {"rows": intake.rows, **{name: getattr(intake, name) for name in names}}
        op.sentence = (
            f"Took {intake.file_name}: {intake.created:,} booked, {intake.parked:,} parked, "
            f"{intake.unchanged:,} known, {intake.refused:,} refused."
        )
