"""Exports of the trail that people ask for: kept as a wish, written in the background, and downloaded on record."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.exports import UNFINISHED, ExportState
from apps.access.models import ApprovalRequest, TrailExport, User
from apps.access.queries import trail_exports as queries
from apps.audit import actions as audit
from apps.audit.actions import packages
from apps.audit.actions.packages import Package, Wish
from apps.audit.queries.files import Format
from apps.audit.queries.leaves import Period, Selection
from apps.core import sql, texts
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _

LOCK = 7_220_461


def ask(
    *, period: tuple[dt.date, dt.date], kind: Format, purpose: str, by: User, at: dt.datetime, **wish: Any
) -> TrailExport:
    """Keep the wish for an export; `wish` may hold `filters`, `continues`, `is_sealed_part` and `is_clear`.

    One in clear, with the personal values, is a controlled action: it waits until whoever must agree has agreed.
    """
    with audit.operation("access.trail_exports.ask", by=by, at=at, reason=purpose) as op:
        if not purpose.strip():
            raise Refused(_("An export needs a purpose, which the trail keeps."), code="purpose_missing")
        if period[1] < period[0]:
            raise Refused(_("The last day lies before the first."), code="period_empty")
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('access_trailexport', 'id'))")
            (key,) = cursor.fetchone()
        made = TrailExport.objects.create(
            pk=key, reference=f"X-{key}", first_date=period[0], last_date=period[1], file_format=kind,
            purpose=purpose.strip(), made_by=by, made_at=at, **wish,
            state=ExportState.ASKED if wish.get("is_clear") else ExportState.WAITING,
        )  # fmt: skip
        if made.is_clear:
            asked = approvals.request(
                action=queries.IN_CLEAR,
                subject=Subject(queries.SUBJECT, made.reference),
                amount=Decimal("0.00"),
                payload={"export": made.reference},
                reason=made.purpose,
                by=by,
                at=at,
            )
            made.approval = asked.reference
            made.save(update_fields=["approval"])
        op.on = made
        op.sentence = f"Asked for the trail of {period[0]} to {period[1]} as {made.reference}."
        op.detail = {"reference": made.reference, "filters": made.filters, "clear": made.is_clear}
    return made


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> TrailExport:
    """Let the export be written that an approved request names."""
    export = TrailExport.objects.select_for_update().get(reference=request.payload["export"])
    with audit.operation(queries.IN_CLEAR, by=by, at=at, on=export, authority=f"approval:{request.reference}") as op:
        if export.state != ExportState.ASKED:
            words = {"reference": export.reference}
            raise Refused(_("%(reference)s waits for no agreement.") % words, code="not_asked")
        export.state = ExportState.WAITING
        export.save(update_fields=["state"])
        op.sentence = f"{export.reference} may be written with personal values in clear."
    return export


def write(
    *,
    export: TrailExport,
    period: Period,
    select: Callable[[Mapping[str, str]], Selection | None],
    by: User,
    at: dt.datetime,
) -> None:
    """Write the package; a refusal is kept with the wish. Refused where somebody else is writing it or has."""
    elsewhere = Refused(_("This export is being written by somebody else."), code="written_elsewhere")
    with sql.alone(LOCK, export.pk, patience="1ms", refusal=elsewhere):
        export.refresh_from_db()
        if export.state not in UNFINISHED:
            raise elsewhere
        if export.state == ExportState.WAITING:
            _set(export, "begin", by, at, state=ExportState.RUNNING)
        progress = queries.progress_path(export)
        progress.parent.mkdir(parents=True, exist_ok=True)
        queries.path(export).unlink(missing_ok=True)  # of a worker that died before it could say so
        packages.discard_drafts(out=queries.path(export), by=by, at=at)
        try:
            made = packages.export(
                wish=Wish(
                    period, Format(export.file_format), export.filters, select(export.filters), export.purpose,
                    f"approval:{export.approval}" if export.approval else "", export.continues or None,
                    export.is_sealed_part, clear=export.approval if export.is_clear else "",
                ),
                out=queries.path(export),
                progress=lambda done, of: _say(progress, done, of),
                by=by,
                at=at,
            )  # fmt: skip
        except Refused as refusal:
            _set(
                export, "fail", by, at, state=ExportState.FAILED, finished_at=at, failure=texts.parts(refusal.sentence)
            )
            raise
        finally:
            progress.unlink(missing_ok=True)
        _finish(export, made, by, at)


def downloaded(*, export: TrailExport, by: User, at: dt.datetime) -> None:
    """Record that somebody takes the file, before its first byte leaves; refused where it is not kept any more.

    One in clear is taken by whoever asked for it, and by nobody else.
    """
    if export.is_clear and export.made_by_id != by.pk:
        words = {"reference": export.reference, "who": export.made_by.name}
        raise Forbidden(
            _("%(reference)s holds personal data in clear: only %(who)s may take it.") % words, code="clear"
        )
    if not queries.path(export).is_file():
        raise Refused(
            _("The file of %(reference)s is not kept here.") % {"reference": export.reference}, code="file_gone"
        )
    audit.record(
        "access.trail_exports.download",
        by=by,
        at=at,
        on=export,
        sentence=f"Took {export.reference}.",
        detail={"reference": export.reference, "sha256": export.sha256},
    )


def _set(export: TrailExport, verb: str, by: User, at: dt.datetime, **changes: Any) -> None:
    with audit.operation(f"access.trail_exports.{verb}", by=by, at=at, on=export) as op:
        for name, value in changes.items():
            setattr(export, name, value)
        export.save(update_fields=[*changes])
        op.sentence = f"{export.reference}: now {export.state}."


def _finish(export: TrailExport, made: Package, by: User, at: dt.datetime) -> None:
    found = {"operation": made.seq, "events": made.events, "size": made.size, "sha256": made.sha256}
    _set(export, "finish", by, at, state=ExportState.DONE, finished_at=at, **found)


def _say(path: Path, done: int, of: int) -> None:
    path.write_text(f"{done} {of}", encoding="ascii")
