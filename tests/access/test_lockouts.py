"""Guessing passwords is slow, for a person and for an address; who leaves is out at once."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from apps.access.actions import leaving, lockouts, passwords, sessions
from apps.access.domain import lockout
from apps.access.domain.lockout import Place
from apps.access.models import Lockout, RoleGrant, User
from apps.audit import registry
from apps.audit.domain.envelope import Channel, Context
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories import access
from tests.factories.access import AT, PASSWORD, person

DOOR = System("log_in")
MINUTE = dt.timedelta(minutes=1)


def attempt(username: str, password: str, at: dt.datetime = AT, address: str = "") -> str:
    """The code of the refusal, empty where the log-in opened."""
    with registry.entered(Context("r", address, Channel.WEB)):
        try:
            sessions.log_in(username=username, password=password, by=DOOR, at=at)
        except Refused as refusal:
            return refusal.code
    return ""


def entered(action: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT decision, sentence, detail FROM audit.operation WHERE action = %s ORDER BY seq", [action]
        )
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (400, 60)]
)
def test_the_wait_grows_up_to_an_hour(failures: int, minutes: int) -> None:
    assert lockout.wait(Place.PERSON, failures) == minutes * MINUTE


def test_a_quiet_day_is_forgiven() -> None:
    assert lockout.counted(7, AT, AT + dt.timedelta(hours=23)) == 8
    assert lockout.counted(7, AT, AT + dt.timedelta(days=1)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["anna", "nobody"])
def test_after_five_failures_even_the_right_password_waits_and_a_name_that_nobody_has_waits_the_same(
    username: str,
) -> None:
    person("anna", password=PASSWORD)

    codes = [attempt(username, "wrong") for _ in range(6)]

    assert codes == ["wrong_credentials"] * 5 + ["locked_out"]
    assert attempt(username, PASSWORD, AT + 0.9 * MINUTE) == "locked_out"
    assert attempt("anna", PASSWORD, AT + MINUTE) == ""
    ((decision, sentence, _detail),) = entered("session.locked_out")
    assert (decision, sentence) == ("deny", "The log-in of this person is shut.")
    assert not Lockout.objects.filter(key__contains="nobody").exists()


@pytest.mark.django_db
def test_each_further_failure_doubles_the_wait_and_a_log_in_forgets_them() -> None:
    anna = person("anna", password=PASSWORD)
    for _ in range(5):
        attempt("anna", "wrong")

    assert attempt("anna", "wrong", AT + MINUTE) == "wrong_credentials"
    assert attempt("anna", PASSWORD, AT + 2.9 * MINUTE) == "locked_out"
    assert attempt("anna", PASSWORD, AT + 3 * MINUTE) == ""
    assert not Lockout.objects.filter(user=anna).exists()


@pytest.mark.django_db
def test_one_address_is_shut_for_everybody_and_an_own_account_does_not_open_it() -> None:
    person("anna", password=PASSWORD)
    for number in range(lockout.ALLOWED[Place.ADDRESS] - 1):
        attempt(f"guess-{number}", "wrong", address="192.0.2.7")
    assert attempt("anna", PASSWORD, address="192.0.2.7") == ""

    attempt("guess-last", "wrong", address="192.0.2.7")

    assert attempt("anna", PASSWORD, address="192.0.2.7") == "locked_out"
    assert attempt("anna", PASSWORD, address="192.0.2.8") == ""


@pytest.mark.django_db
def test_the_page_says_how_long_and_an_administrator_opens_it() -> None:
    anna, adam = person("anna", password=PASSWORD), person("adam")
    with time_machine.travel(AT, tick=False):
        for _ in range(6):
            answer = Client().post("/login", {"username": "anna", "password": "wrong"})
        assert "There were too many failed attempts. Try again in a minute." in answer.content.decode()

        desk = Client()
        desk.force_login(adam)
        shown = desk.get("/staff/locked/").content.decode()
        desk.post(f"/staff/locked/{Lockout.objects.get(user=anna).pk}/unlock")

        assert "Anna An" in shown
        assert attempt("anna", PASSWORD) == ""
        assert [decision for decision, _, _ in entered("session.unlock")] == ["allow"]


@pytest.mark.django_db
def test_the_api_lists_and_opens_what_is_shut() -> None:
    anna = person("anna", password=PASSWORD)
    adam = person("adam")
    access.give(adam, "treasury")  # for the use of the API
    desk = Client()
    desk.force_login(adam)
    with time_machine.travel(AT, tick=False):
        for _ in range(5):
            attempt("anna", "wrong", address="192.0.2.7")

        listed = desk.get("/api/lockouts/").json()["results"]
        answer = desk.post(f"/api/lockouts/{Lockout.objects.get(user=anna).pk}/unlock/")

        assert [(one["place"], one["username"], one["failures"]) for one in listed] == [("person", "anna", 5)]
        assert answer.status_code == 204
        with pytest.raises(Refused, match="That log-in is open already"):
            lockouts.unlock(lockout=Lockout(pk=1), by=adam, at=AT)


@pytest.mark.django_db
def test_whoever_leaves_is_out_at_once_and_stays_in_the_book() -> None:
    anna, adam = person("anna", password=PASSWORD), person("adam")
    window = Client()
    window.force_login(anna)
    assert window.get("/").status_code == 200

    desk = Client()
    desk.force_login(adam)
    answer = desk.post("/staff/people/anna/", {"reason": "Resigned"})

    assert answer.status_code == 302
    assert (window.get("/").status_code, attempt("anna", PASSWORD)) == (302, "wrong_credentials")
    assert not RoleGrant.objects.filter(user=anna, ended_at=None).exists()
    assert User.objects.filter(pk=anna.pk, is_active=False).exists()
    with pytest.raises(Refused, match="Anna An has left already"):
        leaving.dismiss(user=anna, reason="Again", by=adam, at=AT)
    with pytest.raises(Forbidden, match="Nobody dismisses themselves"):
        leaving.dismiss(user=adam, reason="Tired", by=adam, at=AT)


@pytest.mark.django_db
def test_one_changes_ones_own_password_and_must_know_the_present_one() -> None:
    anna = person("anna", password=PASSWORD)
    window = Client()
    window.force_login(anna)
    new = "battery staple horse"

    wrong = window.post("/account/", {"old": "guess", "new": new, "again": new})
    differ = window.post("/account/", {"old": PASSWORD, "new": new, "again": "other"})
    right = window.post("/account/", {"old": PASSWORD, "new": new, "again": new})

    assert "The password is wrong." in wrong.content.decode()
    assert "The two new passwords differ." in differ.content.decode()
    assert (right.status_code, window.get("/").status_code) == (302, 200)
    assert (attempt("anna", PASSWORD), attempt("anna", new)) == ("wrong_credentials", "")


@pytest.mark.django_db
@pytest.mark.parametrize("new", ["eleven-long", "123412341234123", "anna an anna", "ilovemyfamily", PASSWORD])
def test_a_weak_password_is_refused(new: str) -> None:
    anna = person("anna", password=PASSWORD)

    with pytest.raises(Refused):
        passwords.change(user=anna, old=PASSWORD, new=new, by=anna, at=AT)

    assert attempt("anna", PASSWORD) == ""


@pytest.mark.django_db
def test_guessing_the_password_of_an_open_session_is_counted_too() -> None:
    anna = person("anna", password=PASSWORD)
    window = Client()
    window.force_login(anna)

    answers = [window.post("/api/account/password/", {"old": "guess", "new": "x" * 20}) for _ in range(6)]

    assert [answer.json()["code"] for answer in answers] == ["wrong_credentials"] * 5 + ["locked_out"]


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.2"), (2, "192.0.2.9")])
def test_behind_proxies_the_address_is_what_our_own_saw(
    proxies: int, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PROXIES", proxies)
    sent = {"x-forwarded-for": "203.0.113.66, 192.0.2.9, 198.51.100.2"}  # the first is what the browser claims

    Client(headers=sent).post("/login", {"username": "anna", "password": "wrong"})

    assert Lockout.objects.get(place=Place.ADDRESS).key == address


@pytest.mark.django_db
def test_every_answer_carries_the_headers_of_a_careful_site() -> None:
    answer = Client().get("/login")

    assert "script-src 'self';" in f"{answer['Content-Security-Policy']};"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert {name: answer[name] for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")} == {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
