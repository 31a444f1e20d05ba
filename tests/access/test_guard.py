"""Permissions, the sentence for whoever lacks one, and what the trail keeps of it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.access import guard
from apps.access.domain.permissions import Permission
from apps.access.models import Role, RoleGrant, User
from apps.access.queries import people, wording
from apps.core.domain.refusal import Forbidden
from tests.factories import access
from tests.factories.access import AT, person

pytestmark = pytest.mark.django_db


def trail(action: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT decision, actor, sentence, object_id FROM audit.operation WHERE action = %s ORDER BY seq", [action]
        )
        return list(cursor.fetchall())


def test_every_permission_and_role_has_its_words() -> None:
    assert set(wording.PERMISSIONS) == set(Permission)
    assert set(wording.ROLES) == set(Role.objects.values_list("code", flat=True))


def test_permissions_are_those_of_all_roles_held_now() -> None:
    user = person("anna")
    access.give(user, "treasury")
    ended = access.give(user, "manager")
    RoleGrant.objects.filter(pk=ended.pk).update(ended_at=AT)

    shipped = Role.objects.filter(code__in=["agent", "treasury"]).values_list("permissions", flat=True)
    assert people.permissions_of(user) == {Permission(word) for words in shipped for word in words}


def test_permissions_are_read_once_for_each_request(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = User.objects.get(pk=person("anna").pk)

    with django_assert_num_queries(1):
        assert people.holds(user, Permission.CASE_READ)
        assert not people.holds(user, Permission.AUDIT_READ)


def test_somebody_who_left_holds_nothing() -> None:
    assert not people.holds(person("anna", is_active=False), Permission.HOME_READ)


def test_a_word_that_no_release_knows_is_passed_over() -> None:
    Role.objects.filter(code="agent").update(permissions=["home.read", "moon.fly"])

    assert people.permissions_of(person("anna")) == {Permission.HOME_READ}


def test_the_sentence_names_the_permission_and_who_holds_it() -> None:
    with pytest.raises(Forbidden) as refusal:
        guard.check(person("anna"), Permission.CASE_READ, Permission.AUDIT_READ)

    assert refusal.value.sentence == (
        "You need the permission “Read the audit trail”, which these roles hold: Auditor, Compliance."
    )


def test_a_permission_that_nobody_holds_says_so() -> None:
    Role.objects.update(permissions=[])

    with pytest.raises(Forbidden, match="which no role holds"):
        guard.check(person("anna"), Permission.AUDIT_READ)


def test_a_refused_page_says_why_and_is_in_the_trail() -> None:
    anna = person("anna")
    client = Client()
    client.force_login(anna)

    answer = client.get("/staff/")

    assert answer.status_code == 403
    assert "You need the permission “See staff and roles”" in answer.content.decode()
    ((decision, actor, sentence, _),) = trail("access.open")
    assert (decision, actor) == ("deny", anna.actor_id)
    assert sentence.startswith("You need the permission")


def test_a_refused_endpoint_says_why_and_is_in_the_trail() -> None:
    client = Client()
    client.force_login(person("anna"))

    answer = client.get("/api/staff/")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    assert len(trail("access.open")) == 1


def test_a_log_in_and_a_log_out_are_in_the_trail() -> None:
    anna = person("anna", password=access.PASSWORD)
    client = Client()
    client.post("/login", {"username": "anna", "password": access.PASSWORD})
    client.post("/logout")

    assert trail("access.log_in") == [("allow", anna.actor_id, "Logged in.", str(anna.pk))]
    assert trail("access.log_out") == [("allow", anna.actor_id, "Logged out.", str(anna.pk))]
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("username", "password"), [("anna", "wrong"), ("nobody", access.PASSWORD), ("anna", "")])
def test_a_failed_log_in_is_in_the_trail_without_what_was_typed(username: str, password: str) -> None:
    anna = person("anna", password=access.PASSWORD)
    Client().post("/login", {"username": username, "password": password or " "})

    on = str(anna.pk) if username == "anna" else ""
    assert trail("access.log_in") == [("deny", "system:log_in", "The user name and the password do not match.", on)]


def test_somebody_who_left_cannot_log_in() -> None:
    person("anna", password=access.PASSWORD)
    person("anna", is_active=False)

    answer = Client().post("/login", {"username": "anna", "password": access.PASSWORD})

    assert answer.status_code == 200


def test_a_form_without_its_token_is_turned_away_with_a_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login", {"username": "anna", "password": "x"})

    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()
    assert trail("access.open") == []

    client = Client(enforce_csrf_checks=True)
    client.force_login(person("anna"))
    assert client.post("/audit/exports/new").status_code == 403
    assert [(decision, sentence) for decision, _, sentence, _ in trail("access.open")] == [
        ("deny", "The request was turned down.")
    ]
