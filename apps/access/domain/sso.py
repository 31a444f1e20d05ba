"""What a sign-in service says about somebody, and which roles follow from it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Claims:
    """Whom the service names: `subject` never changes and is never given to another, `groups` are its own."""

    issuer: str
    subject: str
    username: str
    name: str
    groups: frozenset[str]
    methods: frozenset[str] = frozenset()  # how it made sure (`amr`)


def read(claims: Mapping[str, Any], *, issuer: str, username: str, groups: str) -> Claims:
    """The claims of an ID token that was verified; `KeyError` where one that must be there is not."""
    return Claims(
        issuer=issuer,
        subject=str(claims["sub"]),
        username=str(claims[username]),
        name=str(claims.get("name") or claims[username]),
        groups=frozenset(_words(claims.get(groups))),
        methods=frozenset(_words(claims.get("amr"))),
    )


def roles(groups: Iterable[str], mapping: Mapping[str, str]) -> list[str]:
    """The codes of the roles that the groups give."""
    return sorted({mapping[group] for group in groups if group in mapping})


def difference(held: Collection[str], given: Collection[str]) -> tuple[list[str], list[str]]:
    """The roles to take away, and those to give."""
    return sorted(set(held) - set(given)), sorted(set(given) - set(held))


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(word) for word in value] if isinstance(value, list) else []
