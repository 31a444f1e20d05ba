"""Tokens: no more than their owner may, no longer than agreed, and never a way round a proof."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from apps.access.actions import leaving, staff, tokens
from apps.access.domain.permissions import Permission as May
from apps.access.models import ApiToken, ApiTokenUse
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories import access
from tests.factories.access import AT, person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def made(username: str = "maya", *scopes: May, days: int = 30) -> str:
    """A token of somebody's."""
    wanted = scopes or (May.STAFF_READ,)
    return tokens.make(name="report", scopes=wanted, days=days, by=person(username), at=AT)[1]


def call(token: str, path: str = "/api/staff/", at: dt.datetime = AT, method: str = "get", **body: Any) -> Any:
    client = Client(headers={"authorization": f"Bearer {token}"})
    with time_machine.travel(at, tick=False):
        return getattr(client, method)(path, body)


def test_a_token_acts_as_its_owner_through_the_channel_of_the_api() -> None:
    token = made("maya", May.STAFF_READ)

    answer = call(token)
    refused = call(token, "/api/approvals/")

    assert answer.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor, channel FROM audit.operation WHERE action = 'access.open'")
        assert cursor.fetchall() == [(person("maya").actor_id, "api")]


def test_the_table_holds_a_digest_and_the_trail_nothing_of_it() -> None:
    token = made()

    assert token.startswith("wsl_")
    assert token not in str(ApiToken.objects.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(diff::text, '') FROM audit.change")
        changes = cursor.fetchone()[0]
    assert "report" in changes
    assert ApiToken.objects.get().digest not in changes


def test_a_token_loses_what_its_owner_loses() -> None:
    theo = person("theo")
    access.give(theo, "manager")
    token = made("theo", May.STAFF_READ)
    assert call(token).status_code == 200

    staff.revoke(user=theo, role="manager", by=System("tests"), at=AT)

    assert call(token).status_code == 403


@pytest.mark.parametrize("code", ["token_unknown", "token_expired", "token_revoked", "token_owner_left"])
def test_what_opens_nothing_is_401_says_why_and_is_in_the_trail(code: str) -> None:
    token, at, maya = made(), AT, person("maya")
    if code == "token_unknown":
        token = "wsl_guess"
    elif code == "token_expired":
        at = AT + 30 * DAY
    elif code == "token_revoked":
        tokens.revoke(token=ApiToken.objects.get(), by=maya, at=AT)
    else:
        leaving.dismiss(user=maya, reason="Resigned", by=person("adam"), at=AT)

    answer = call(token, at=at)

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT decision, sentence FROM audit.operation WHERE action = 'access.token.use'")
        assert cursor.fetchall() == [("deny", answer.json()["detail"])]


def test_nobody_gives_what_they_do_not_hold_nor_for_longer_than_a_year() -> None:
    with pytest.raises(Forbidden, match="You do not hold “Export the audit trail”, so no token of yours can"):
        made("maya", May.AUDIT_EXPORT)
    with pytest.raises(Refused, match="365 days at most"):
        made(days=366)


def test_a_token_makes_no_tokens_and_approves_nothing() -> None:
    token = made("maya", May.HOME_READ, May.APPROVAL_READ, May.APPROVAL_DECIDE)

    more = call(token, "/api/tokens/", method="post", name="more", scopes=["home.read"])
    decided = call(token, "/api/approvals/A-1/decide/", method="post", verdict="approve")

    assert (more.status_code, more.json()["code"]) == (403, "step_up_required")
    assert decided.json()["code"] == "step_up_required"


def test_the_last_use_is_noted_by_the_minute() -> None:
    token = made()
    for seconds in (0, 59, 61):
        call(token, at=AT + dt.timedelta(seconds=seconds))

    assert ApiTokenUse.objects.get().used_at == AT + dt.timedelta(seconds=61)


def test_a_token_is_made_and_shown_once_on_the_page_and_revoked_there() -> None:
    maya = person("maya")
    client = Client()
    with time_machine.travel(AT, tick=False):
        client.force_login(maya)
        shown = client.post("/account/tokens/new", {"name": "BI", "days": "7", "scopes": ["staff.read"]})
        token = shown.content.decode().partition("<code>")[2].partition("</code>")[0]
        page = client.get("/account/tokens/").content.decode()
        assert call(token).status_code == 200
        client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke")

    assert "BI" in page
    assert token not in page
    assert call(token).json()["code"] == "token_revoked"


def test_an_administrator_sees_and_revokes_the_tokens_of_others_and_nobody_else_does() -> None:
    made("maya")
    number = ApiToken.objects.get().pk
    desk, other = Client(), Client()
    desk.force_login(person("adam"))
    other.force_login(person("anna"))

    assert other.post(f"/account/tokens/{number}/revoke").status_code == 404
    assert "report" in desk.get("/staff/people/maya/").content.decode()
    assert desk.post(f"/account/tokens/{number}/revoke")["Location"] == "/staff/people/maya/"
    assert ApiToken.objects.get().revoked_at is not None


def test_the_api_makes_and_lists_tokens() -> None:
    client = Client()
    with time_machine.travel(AT, tick=False):
        client.force_login(person("maya"))
        wish = {"name": "BI", "scopes": ["staff.read"], "days": 7}
        answer = client.post("/api/tokens/", wish, content_type="application/json")
        listed = client.get("/api/tokens/").json()["results"]

        assert answer.status_code == 201
        assert [(one["name"], one["scopes"], "token" in one) for one in listed] == [
            ("BI", ["api.read", "staff.read"], False)
        ]
        assert call(answer.json()["token"]).status_code == 200
        assert client.delete(f"/api/tokens/{listed[0]['id']}/").status_code == 204
