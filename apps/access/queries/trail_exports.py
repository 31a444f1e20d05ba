"""Exports of the trail: who asked for what, how far each is, and where its file lies."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from apps.access.domain.exports import UNFINISHED, ExportState
from apps.access.models import ApprovalRequest, TrailExport, User
from apps.audit import filters
from apps.core import texts
from apps.core.registry import Word

IN_CLEAR = "trail.export_clear"
SUBJECT = "access.trailexport"
STATES: dict[str, Word] = {
    ExportState.ASKED: Word(gettext_lazy("Waits for agreement"), "warning"),
    ExportState.WAITING: Word(gettext_lazy("Waiting")),
    ExportState.RUNNING: Word(gettext_lazy("Being written"), "info"),
    ExportState.DONE: Word(gettext_lazy("Written"), "good"),
    ExportState.FAILED: Word(gettext_lazy("Broken off"), "bad"),
}


def exports() -> QuerySet[TrailExport]:
    """Every export; whoever may read the trail may see who took what of it."""
    return TrailExport.objects.select_related("made_by").order_by("-pk")


def waiting() -> list[TrailExport]:
    """Those that are not finished, the oldest first."""
    return list(TrailExport.objects.filter(state__in=UNFINISHED).order_by("pk"))


def path(export: TrailExport) -> Path:
    """Where the package is, or will be."""
    return Path(settings.AUDIT_EXPORTS).resolve() / f"{export.reference}.zip"


def progress_path(export: TrailExport) -> Path:
    """Where whoever writes it says how far it is: not in the trail, which would grow by it."""
    return path(export).with_suffix(".progress")


def percent(export: TrailExport) -> int:
    """How much of it is written."""
    if export.state not in UNFINISHED:
        return 0 if export.state == ExportState.ASKED else 100
    try:
        done, of = map(int, progress_path(export).read_text(encoding="ascii").split())
    except (FileNotFoundError, ValueError):  # not begun, or being written this moment
        return 0
    return 100 * done // of if of else 0


def may_take(export: TrailExport, user: User) -> bool:
    """Whether the file is here for them: one in clear is for whoever asked for it alone."""
    return (not export.is_clear or export.made_by_id == user.pk) and path(export).is_file()


def agreement(export: TrailExport) -> ApprovalRequest | None:
    """The request by which an export in clear is agreed to."""
    return ApprovalRequest.objects.filter(reference=export.approval).first() if export.approval else None


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What an agreement to an export in clear rests on: all of the wish."""
    export = TrailExport.objects.get(reference=payload["export"])
    return {
        "export": export.reference, "first_date": str(export.first_date), "last_date": str(export.last_date),
        "filters": ", ".join(f"{name}: {value}" for name, value in sorted(export.filters.items())),
        "file_format": export.file_format, "purpose": export.purpose,
    }  # fmt: skip


def chosen(export: TrailExport) -> list[tuple[str, str]]:
    """The filters in words."""
    fields = filters.Operations().form.fields
    return [(str(fields[name].label), value) for name, value in export.filters.items() if name in fields]


def failure(export: TrailExport) -> str:
    """Why there is no file, in the reader's language; empty where nothing went wrong."""
    return str(texts.say(export.failure)) if export.failure else ""
