"""Roles as data, people and what they hold."""

import io
import json
import sys

import pytest
from django.core.management import call_command
from django.db import connection

from apps.access.actions import roles, staff
from apps.access.domain import authority
from apps.access.domain.roles import INCOMPATIBLE, SHIPPED, RoleCode
from apps.access.models import AuthorityVersion, IncompatibleRoles, Role, RoleGrant, User
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories import access
from tests.factories.access import AT, person

pytestmark = pytest.mark.django_db
OWNER = System("tests")


def install() -> list[str]:
    return roles.install(by=OWNER, at=AT)


def test_what_is_shipped_is_there_after_a_migration() -> None:
    assert {role.code: tuple(role.permissions) for role in Role.objects.all()} == {
        code.value: tuple(word.value for word in words) for code, words in SHIPPED.items()
    }
    assert IncompatibleRoles.objects.count() == len(INCOMPATIBLE)
    assert AuthorityVersion.objects.get().rules.count() == sum(map(len, authority.SHIPPED.values()))


def test_installing_again_changes_nothing_and_enters_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit.operation")
        before = cursor.fetchone()
        done = install()
        cursor.execute("SELECT count(*) FROM audit.operation")

        assert (done, cursor.fetchone()) == ([], before)


def test_an_operators_edits_survive_a_release() -> None:
    agent = Role.objects.get(code="agent")
    agent.permissions = [*agent.permissions[1:], "close.read"]  # one taken away, one added
    agent.shipped = [*agent.shipped[:-1], "retired.word"]  # the last one is new with this release, another is retired
    gone, new = SHIPPED[RoleCode.AGENT][0], SHIPPED[RoleCode.AGENT][-1]
    agent.permissions = [*(word for word in agent.permissions if word != new), "retired.word"]
    agent.save()

    assert install() == ["permissions of agent"]

    held = set(Role.objects.get(code="agent").permissions)
    assert held == ({word.value for word in SHIPPED[RoleCode.AGENT]} - {gone.value}) | {"close.read"}


def test_a_role_of_the_operators_own_is_left_alone() -> None:
    Role.objects.create(code="intern", name="Intern", permissions=["home.read"])

    assert install() == []
    assert Role.objects.get(code="intern").permissions == ["home.read"]


@pytest.mark.parametrize(("first", "second"), [*INCOMPATIBLE, *((b, a) for a, b in INCOMPATIBLE)])
def test_incompatible_roles_never_meet_in_one_person(first: str, second: str) -> None:
    user = person("sam", role=first)

    with pytest.raises(Refused, match="may not meet"):
        staff.grant(user=user, role=second, by=OWNER, at=AT)

    assert list(user.grants.values_list("role__code", flat=True)) == [first]


def test_nobody_grants_to_or_takes_from_themself() -> None:
    maya = person("maya")

    with pytest.raises(Forbidden, match="Nobody changes their own roles"):
        staff.grant(user=maya, role="director", by=maya, at=AT)
    with pytest.raises(Forbidden, match="Nobody changes their own roles"):
        staff.revoke(user=maya, role="manager", by=maya, at=AT)


def test_a_role_is_held_once_and_ends() -> None:
    anna = person("anna")

    with pytest.raises(Refused, match="Anna An holds the role Agent already"):
        staff.grant(user=anna, role="agent", by=OWNER, at=AT)
    staff.revoke(user=anna, role="agent", by=OWNER, at=AT)
    with pytest.raises(Refused, match="Anna An does not hold the role Agent"):
        staff.revoke(user=anna, role="agent", by=OWNER, at=AT)

    assert RoleGrant.objects.get(user=anna).ended_at == AT
    assert anna.acting_role == ""


def test_a_role_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(Refused, match="There is no role “king”; there are administrator, agency_agent"):
        staff.grant(user=person("anna"), role="king", by=OWNER, at=AT)


def test_adding_somebody_is_all_or_nothing() -> None:
    with pytest.raises(Refused, match="may not meet"):
        staff.add(username="sam", name="Sam", password=access.PASSWORD, roles=["auditor", "agent"], by=OWNER, at=AT)

    assert not User.objects.filter(username="sam").exists()


@pytest.mark.parametrize("password", ["short", "password123", "samsam-samsam"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refusal:
        staff.add(username="samsam-samsam", name="Sam", password=password, roles=["agent"], by=OWNER, at=AT)

    assert refusal.value.code == "password_weak"


def test_a_user_is_added_from_the_shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{access.PASSWORD}\n"))

    call_command("add_user", "sam", "--name", "Sam", "--role", "agent", "--password-stdin", "--json")

    added = User.objects.get(username="sam")
    assert json.loads(capsys.readouterr().out) == {"username": "sam", "roles": ["agent"], "id": added.pk}
    assert added.check_password(access.PASSWORD)


def test_a_user_name_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    person("sam")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{access.PASSWORD}\n"))

    with pytest.raises(Refused, match="Somebody is called “sam” already"):
        call_command("add_user", "sam", "--name", "Sam", "--role", "agent", "--password-stdin")
