"""Pages of long lists by key: never a count, never an offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
PAGE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, newest first, and the keys from which the neighbouring pages go on."""

    rows: Sequence[Row]
    older: int | None = None  # key after which older rows follow
    newer: int | None = None  # key before which newer rows lie


def page(
    rows: QuerySet[Row, Any], *, after: int | None = None, before: int | None = None, size: int = PAGE
) -> Page[Row]:
    """The rows older than key `after`, or those just newer than key `before`, or the newest."""
    if before is not None:
        found = list(rows.filter(pk__gt=before).order_by("pk")[: size + 1])
        shown = found[:size][::-1]
        return Page(shown, shown[-1].pk if shown else None, shown[0].pk if len(found) > size else None)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: size + 1])
    shown = found[:size]
    return Page(
        shown,
        shown[-1].pk if len(found) > size else None,
        shown[0].pk if shown and after is not None else None,
    )


def key(text: str | None) -> int | None:
    """A key out of an address; anything that is no key counts as absent."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
