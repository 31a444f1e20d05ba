"""Exports of the trail: who asked for what, how far each is, and where its file lies."""

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from apps.access.domain.exports import UNFINISHED, ExportState
from apps.access.models import TrailExport
from apps.audit import filters
from apps.core import texts
from apps.core.registry import Word

STATES: dict[str, Word] = {
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
        return 100
    try:
        done, of = map(int, progress_path(export).read_text(encoding="ascii").split())
    except (FileNotFoundError, ValueError):  # not begun, or being written this moment
        return 0
    return 100 * done // of if of else 0


def chosen(export: TrailExport) -> list[tuple[str, str]]:
    """The filters in words."""
    fields = filters.Operations().form.fields
    return [(str(fields[name].label), value) for name, value in export.filters.items() if name in fields]


def failure(export: TrailExport) -> str:
    """Why there is no file, in the reader's language; empty where nothing went wrong."""
    return str(texts.say(export.failure)) if export.failure else ""
