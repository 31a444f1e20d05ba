"""What the book's entries are about, in words and by the references that people know."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.db import models

from apps.audit.queries import catalogue
from apps.core import registry
from apps.core.registry import Text

ObjectKey = tuple[str, str]
NAMES = ("reference", "username", "code", "date")  # the columns by which people know a row


def model_of(kind: str) -> type[models.Model] | None:
    """The model of a kind of object; None where it is no table of ours, or not any more."""
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def label(kind: str) -> Text:
    """A kind of object in words; one without a word by the name of its table."""
    found = registry.word("object", kind).label
    model = model_of(kind) if found == kind else None
    return str(model._meta.verbose_name).capitalize() if model else found


def kinds() -> list[tuple[str, Text]]:
    """Every kind of object whose rows the book holds, with its word."""
    found = [(model._meta.label_lower, label(model._meta.label_lower)) for model in catalogue.captured().values()]
    return sorted(found, key=lambda pair: str(pair[1]))


def keys(reference: str, kind: str = "") -> list[ObjectKey]:
    """The objects that people know by the reference, of one kind or of any."""
    wanted = [model_of(kind)] if kind else list(catalogue.captured().values())
    found = []
    for model in wanted:
        if model is not None and (name := _name(model)) and name != "date":
            rows = model._default_manager.filter(**{name: reference}).values_list("pk", flat=True)
            found += [(model._meta.label_lower, str(pk)) for pk in rows]
    return found


def references(objects: Iterable[ObjectKey]) -> dict[ObjectKey, str]:
    """The references of the objects that have one and are still there; one question for each kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind, key in objects:
        if key.isdigit():
            wanted[kind].add(key)
    found: dict[ObjectKey, str] = {}
    for kind, numbers in wanted.items():
        model = model_of(kind)
        if model is not None and (name := _name(model)):
            rows = model._default_manager.filter(pk__in=numbers).values_list("pk", name)
            found |= {(kind, str(pk)): str(reference) for pk, reference in rows}
    return found


def _name(model: type[models.Model]) -> str | None:
    unique = {field.name for field in model._meta.local_concrete_fields if field.unique}
    return next((name for name in NAMES if name in unique), None)
