"""Single sign-on against a service that speaks the real protocol: who gets in, with which roles, and who does not."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.conf import settings
from django.db import connection
from django.test import Client
from joserfc.jwk import RSAKey

from apps.access.domain import sso
from apps.access.models import Identity, RoleGrant, User
from apps.access.queries import people
from tests.access.sign_in_service import CLIENT, SECRET, Service, serving
from tests.factories import access
from tests.factories.access import AT, person

pytestmark = pytest.mark.django_db
ROLES = {"collections": "agent", "leads": "team_lead", "audit": "auditor"}


@pytest.fixture(scope="module")
def listening() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def service(listening: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    values = {"ISSUER": listening.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "ROLES": ROLES}
    for name, value in (values | {"LINK": True, "PROVISION": True}).items():
        monkeypatch.setattr(settings, f"OIDC_{name}", value)
    listening.person = {"sub": "s-1", "preferred_username": "anna", "name": "Anna An", "groups": ["collections"]}
    listening.spoil, listening.at_userinfo, listening.foreign_key = {}, {}, None
    return listening


def come(client: Client | None = None, wanted: str = "/account/sessions/") -> tuple[Client, Any]:
    """Through the service and back."""
    client = client or Client()
    away = client.get("/login/sso", {"next": wanted})
    back = requests.get(away["Location"], allow_redirects=False, timeout=10).headers["Location"]
    return client, client.get(back.removeprefix("http://testserver"))


def said(client: Client) -> str:
    """What the log-in page says."""
    return client.get("/login").content.decode()


def entries() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT decision, sentence FROM audit.operation WHERE action = 'access.log_in' ORDER BY seq")
        return list(cursor.fetchall())


def test_groups_give_roles_and_others_are_left_alone() -> None:
    assert sso.roles(["leads", "canteen", "collections"], ROLES) == ["agent", "team_lead"]
    assert sso.difference(["agent", "manager"], ["agent", "auditor"]) == (["manager"], ["auditor"])


def test_somebody_new_comes_in_with_the_roles_of_their_groups(service: Service) -> None:
    client, answer = come()

    assert answer["Location"] == "/account/sessions/"
    assert client.get("/account/sessions/").status_code == 200
    anna = User.objects.get(username="anna")
    assert (anna.name, people.roles_of(anna), anna.has_usable_password()) == ("Anna An", ["agent"], False)
    assert entries() == [("allow", "Logged in.")]


def test_roles_follow_the_groups_and_those_granted_here_stay(service: Service) -> None:
    come()
    anna = User.objects.get(username="anna")
    access.give(anna, "treasury")
    service.person["groups"] = ["leads"]

    come()
    assert people.roles_of(anna) == ["team_lead", "treasury"]
    service.person["groups"] = []
    come()

    assert people.roles_of(anna) == ["treasury"]


def test_groups_are_asked_for_where_the_token_names_none(service: Service) -> None:
    del service.person["groups"]
    service.at_userinfo = {"sub": "s-1", "groups": ["leads"]}
    come()
    assert people.roles_of(User.objects.get(username="anna")) == ["team_lead"]

    service.at_userinfo["sub"] = "s-2"
    client, _ = come()
    assert "could not be used" in said(client)


def test_roles_that_may_not_meet_are_refused_whole(service: Service) -> None:
    service.person["groups"] = ["collections", "audit"]

    client, answer = come()

    assert answer["Location"] == "/login"
    assert "Anna An holds the role Agent, which may not meet Auditor in one person." in said(client)
    assert not User.objects.filter(username="anna").exists()
    assert entries()[0][0] == "deny"

    otto = person("otto")
    service.person |= {"sub": "s-2", "preferred_username": "otto", "groups": ["leads"]}
    come()
    assert people.roles_of(otto) == ["auditor"]
    assert not Identity.objects.exists()


def test_without_a_role_nobody_gets_in_and_what_a_group_gave_is_gone(service: Service) -> None:
    come()
    service.person["groups"] = ["canteen"]

    client, _ = come()

    assert "No group of yours gives a role here." in said(client)
    assert not RoleGrant.objects.filter(user__username="anna", ended_at=None).exists()


def test_a_user_name_is_only_trusted_where_it_is_said_to_be(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = person("anna")
    monkeypatch.setattr(settings, "OIDC_LINK", False)
    client, _ = come()
    assert "“anna” here is not known to be you." in said(client)

    monkeypatch.setattr(settings, "OIDC_LINK", True)
    come()
    assert Identity.objects.get(user=anna).subject == "s-1"
    service.person |= {"sub": "s-9"}  # somebody else took the name
    client, _ = come()
    assert "“anna” here is not known to be you." in said(client)

    monkeypatch.setattr(settings, "OIDC_PROVISION", False)
    service.person |= {"sub": "s-10", "preferred_username": "zoe"}
    client, _ = come()
    assert "Nobody here is called “zoe”." in said(client)


def test_whoever_left_stays_out(service: Service) -> None:
    come()
    User.objects.update(is_active=False)

    client, _ = come()

    assert "You no longer work here." in said(client)


@pytest.mark.parametrize(
    "spoil", [{"aud": "others"}, {"iss": "https://evil.example"}, {"nonce": "replayed"}, {"exp": 1}, {"sub": None}]
)
def test_a_token_that_is_not_for_us_opens_nothing(service: Service, spoil: dict[str, Any]) -> None:
    service.spoil = spoil

    client, answer = come()

    assert answer["Location"] == "/login"
    assert "The answer of the sign-in service could not be used." in said(client)
    assert not User.objects.exists()
    assert entries() == [("deny", "The answer of the sign-in service could not be used.")]


def test_a_foreign_signature_a_foreign_state_and_a_used_code_open_nothing(service: Service) -> None:
    service.foreign_key = RSAKey.generate_key(2048, {"kid": "k1"})
    assert "could not be used" in said(come()[0])
    service.foreign_key = None

    client = Client()
    away = client.get("/login/sso")
    back = requests.get(away["Location"], allow_redirects=False, timeout=10).headers["Location"]
    back = back.removeprefix("http://testserver")
    other = Client()
    other.get(back)
    assert "could not be used" in said(other)  # a code slipped to somebody else's browser
    client.get(back)
    client.post("/logout")
    client.get(back)
    assert "could not be used" in said(client)


def test_a_second_factor_is_asked_for_unless_the_service_is_trusted_with_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.access.models import Authenticator

    come()
    anna = User.objects.get(username="anna")
    Authenticator.objects.create(user=anna, secret="1:x", made_at=AT, confirmed_at=AT)
    _, answer = come()
    assert answer["Location"] == "/login/code?next=/account/sessions/"

    monkeypatch.setattr(settings, "OIDC_TRUSTED_AMR", ["mfa"])
    service.person["amr"] = ["pwd", "mfa"]
    _, answer = come()
    assert answer["Location"] == "/account/sessions/"


def test_without_a_service_there_is_no_such_door() -> None:
    assert Client().get("/login/sso").status_code == 404
    assert "company account" not in Client().get("/login").content.decode()
