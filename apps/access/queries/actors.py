"""The people behind the opaque identifiers of the audit trail."""

from collections.abc import Iterable

from apps.access.models import User
from apps.access.queries import people

PREFIX = "user:"


def names(actors: Iterable[str]) -> dict[str, str]:
    """The name of every actor who is a person; whoever else acted keeps the identifier."""
    keys = {actor.removeprefix(PREFIX) for actor in actors if actor.startswith(PREFIX)}
    people = User.objects.filter(pk__in={key for key in keys if key.isdigit()}).values_list("pk", "name")
    return {f"{PREFIX}{key}": name for key, name in people}


def identifier(text: str) -> str:
    """The identifier that a user name stands for; anything else stands for itself."""
    key = User.objects.filter(username=text).values_list("pk", flat=True).first() if ":" not in text else None
    return text if key is None else f"{PREFIX}{key}"


def person(actor: str) -> User | None:
    """The person behind an identifier; None for whatever else acts."""
    key = actor.removeprefix(PREFIX)
    return people.staff().filter(pk=key).first() if actor.startswith(PREFIX) and key.isdigit() else None
