"""Sessions: who has what open, how long it lasts, and that what was withdrawn is gone at once."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from apps.access import tasks
from apps.access.actions import ending, leaving, passwords, staff
from apps.access.domain import presence
from apps.access.models import Role, Session, User
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from tests.factories import access
from tests.factories.access import AT, PASSWORD, person

pytestmark = pytest.mark.django_db
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def window(user: User, agent: str = "Firefox") -> Client:
    client = Client(headers={"user-agent": agent})
    client.force_login(user)
    Session.objects.filter(user=user, agent="").update(agent=agent)
    return client


def status(client: Client, at: dt.datetime, path: str = "/account/sessions/") -> int:
    with time_machine.travel(at, tick=False):
        return client.get(path).status_code


def test_the_table_holds_a_digest_and_never_the_key_of_the_cookie() -> None:
    anna = person("anna", password=PASSWORD)
    client = Client(headers={"user-agent": "Firefox"})
    client.post("/login", {"username": "anna", "password": PASSWORD})
    client.get("/")

    session = Session.objects.get(user=anna)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (session.pk, session.agent) == (presence.digest(cookie.value), "Firefox")
    assert cookie["httponly"]
    assert cookie["max-age"] == ""  # it ends with the browser
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = session.pk
    assert stolen.get("/").status_code == 302


def test_an_idle_session_ends_and_a_used_one_goes_on_until_its_lifetime_is_over() -> None:
    with time_machine.travel(AT, tick=False):
        client = window(person("anna"))
    assert status(client, AT + 59 * MINUTE) == 200
    assert status(client, AT + 118 * MINUTE) == 200
    assert status(client, AT + 179 * MINUTE) == 302

    with time_machine.travel(AT, tick=False):
        busy = window(person("anna"))
    codes = {hour: status(busy, AT + hour * 0.9 * HOUR) for hour in range(1, 15)}

    assert [hour for hour, code in codes.items() if code == 200] == list(range(1, 14))  # 11.7 hours


def test_a_role_may_shorten_the_idle_time() -> None:
    Role.objects.filter(code="agent").update(idle_minutes=10)
    with time_machine.travel(AT, tick=False):
        agent, manager = window(person("anna")), window(person("maya"))

    assert (status(agent, AT + 11 * MINUTE), status(manager, AT + 11 * MINUTE)) == (302, 200)


def test_the_use_is_noted_once_a_minute() -> None:
    with time_machine.travel(AT, tick=False):
        client = window(person("anna"))
    status(client, AT + MINUTE)
    status(client, AT + 1.5 * MINUTE)
    assert Session.objects.get().seen_at == AT + MINUTE
    status(client, AT + 2 * MINUTE)
    assert Session.objects.get().seen_at == AT + 2 * MINUTE


def test_one_sees_and_ends_ones_own() -> None:
    anna = person("anna")
    here, there = window(anna, "Firefox"), window(anna, "Safari")
    there.get("/")
    page = here.get("/account/sessions/").content.decode()
    listed = here.get("/api/sessions/").json()["results"]

    here.post(f"/account/sessions/{presence.digest(there.session.session_key or '')}/end")

    assert "Firefox" in page
    assert "Safari" in page
    assert {one["agent"]: one["is_this"] for one in listed} == {"Firefox": True, "Safari": False}
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


def test_one_ends_all_others() -> None:
    anna = person("anna")
    here, there, yonder = window(anna), window(anna), window(anna)

    here.post("/account/sessions/others/end")

    assert [client.get("/").status_code for client in (here, there, yonder)] == [200, 302, 302]


def test_only_whoever_looks_after_people_ends_the_sessions_of_others() -> None:
    anna, bo, adam = person("anna"), person("bo"), person("adam")
    annas = window(anna)
    key = presence.digest(annas.session.session_key or "")

    assert window(bo).post(f"/account/sessions/{key}/end").status_code == 404
    assert window(bo).delete(f"/api/sessions/{key}/").status_code == 404
    with pytest.raises(Refused, match="has ended already"):
        ending.end(session=Session.objects.get(pk=key), by=bo, at=AT)
    answer = window(adam).post(f"/account/sessions/{key}/end")

    assert (answer.status_code, answer["Location"]) == (302, "/staff/people/anna/")
    assert annas.get("/").status_code == 302


def test_a_session_from_before_a_role_was_withdrawn_loses_it_at_once() -> None:
    theo = person("theo")
    access.give(theo, "manager")
    client = window(theo)
    assert client.get("/staff/").status_code == 200

    staff.revoke(user=theo, role="manager", by=System("tests"), at=AT)

    assert client.get("/staff/").status_code == 403
    assert client.get("/").status_code == 200


def test_whoever_leaves_has_nothing_open_any_more() -> None:
    anna = person("anna")
    client = window(anna)

    leaving.dismiss(user=anna, reason="Resigned", by=person("adam"), at=AT)

    assert client.get("/").status_code == 302
    assert not Session.objects.filter(user=anna).exists()


def test_a_new_password_ends_every_other_session() -> None:
    anna = person("anna", password=PASSWORD)
    here, there = window(anna), window(anna)
    new = "battery staple horse"

    here.post("/account/", {"old": PASSWORD, "new": new, "again": new})

    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
    assert Session.objects.filter(user=anna).count() == 1
    passwords.change(user=User.objects.get(pk=anna.pk), old=new, new=PASSWORD, by=anna, at=AT)
    assert here.get("/").status_code == 302


def test_what_has_ended_is_thrown_away() -> None:
    with time_machine.travel(AT, tick=False):
        window(person("anna"))
    with time_machine.travel(AT + HOUR, tick=False):
        window(person("maya"))
        assert tasks.clear_sessions() == 1

    assert [session.user for session in Session.objects.all()] == [person("maya")]
