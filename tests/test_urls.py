"""The whole address table: every page and endpoint asks for a permission, and whoever lacks it is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.access import guard
from apps.access.domain.permissions import Permission
from apps.access.models import Role, User
from tests.factories import access

PUBLIC = {
    "healthz",
    "access:login",
    "access:logout",
    "access:language",
    "access:second_step",
    "access:sso",
    "access:sso_done",
    "cases:sign",
}
VALUES = {
    "int": "1",
    "date": "2005-05-01",
    "slug": "none",
    "str": "none",
    "path": "none",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


@dataclass(frozen=True)
class Address:
    """One line of the table: a path that fits it, and what it asks for."""

    name: str
    path: str
    view: Any

    @property
    def is_endpoint(self) -> bool:
        return hasattr(self.view, "cls")

    @property
    def methods(self) -> dict[str, tuple[Permission, ...]]:
        """The permissions for each method that is answered."""
        if not self.is_endpoint:
            return {"get": self.view.permissions, "post": self.view.permissions}
        view = self.view.cls(**getattr(self.view, "initkwargs", {}))
        actions: dict[str, str] = getattr(self.view, "actions", None) or {"get": ""}
        found = {}
        for method, action in actions.items():
            view.action = action
            found[method] = (Permission.API_READ, *guard.needed(view))
        return found


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield Address(f"{space}{pattern.name}", "/" + _example(route), pattern.callback)


def _example(route: str) -> str:
    """A path that the route fits: Django's own converters, and the router's regular expressions."""
    route = re.sub(r"<(?:(\w+):)?\w+>(?!\[)", lambda found: VALUES[found.group(1) or "str"], route)
    route = re.sub(r"\(\?P<\w+>([^)]*)\)", lambda found: "none" if re.fullmatch(found[1], "none") else "1", route)
    return route.replace("^", "").replace("$", "").replace("\\.", ".")


ADDRESSES = addresses()
GUARDED = [address for address in ADDRESSES if address.name not in PUBLIC]


def named(found: list[Address]) -> Any:
    return pytest.mark.parametrize("address", found, ids=lambda address: f"{address.name} {address.path}")


def test_what_is_public_is_on_the_list() -> None:
    public = {address.name for address in ADDRESSES if getattr(address.view, "permissions", None) == ()}

    assert public | {"healthz"} == PUBLIC


@named(GUARDED)
def test_every_view_carries_a_permission(address: Address) -> None:
    for method, permissions in address.methods.items():
        assert permissions, method
        assert all(isinstance(permission, Permission) for permission in permissions)
    if address.is_endpoint:
        assert guard.HasPermission in address.view.cls.permission_classes


@pytest.mark.django_db
def test_the_unknown_see_nothing() -> None:
    seen = {}
    for address in GUARDED:
        for method in address.methods:
            answer = getattr(Client(), method)(address.path)
            sent_to_log_in = answer.status_code == 302 and answer["Location"].startswith("/login?next=")
            if not sent_to_log_in and answer.status_code != 401:
                seen[method, address.name] = answer.status_code

    assert seen == {}


def holding(*permissions: Permission) -> Client:
    """Signed in with a role of just these permissions, in whatever order they are named."""
    code = f"role-{Role.objects.count()}"
    Role.objects.create(code=code, name=code, permissions=[permission.value for permission in permissions])
    client = Client(raise_request_exception=False)
    client.force_login(access.person(f"holder-of-{code}", role=code))
    return client


@pytest.mark.django_db
def test_each_permission_that_is_asked_for_is_needed_and_all_of_them_are_enough() -> None:
    """What a role holds is a list (`tests/access`); whom a list lets in is the same for every role."""
    exactly = {needed: holding(*needed) for needed in {needed for a in GUARDED for needed in a.methods.values()}}
    all_but = {one: holding(*(other for other in Permission if other != one)) for one in Permission}
    wrong = []
    for address in GUARDED:
        for method, needed in address.methods.items():
            status = getattr(exactly[needed], method)(address.path).status_code
            if status == 403 or status >= 500:
                wrong.append(f"{method} {address.name} with what it asks for: {status}")
            for one in set(needed):
                status = getattr(all_but[one], method)(address.path).status_code
                if status != 403:
                    wrong.append(f"{method} {address.name} without {one}: {status}")

    assert wrong == []


@pytest.mark.django_db
def test_somebody_without_any_role_is_refused_everything() -> None:
    user = User.objects.create(username="nobody", name="Nobody", created_at=access.AT)
    client = Client()
    client.force_login(user)

    answers = {
        (method, address.name): getattr(client, method)(address.path).status_code
        for address in GUARDED
        for method in address.methods
    }

    assert {key: status for key, status in answers.items() if status != 403} == {}
