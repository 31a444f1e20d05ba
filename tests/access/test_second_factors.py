"""Second factors: set up, asked for, never good twice, required by roles, taken away by two."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pyotp
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from apps.access.actions import approvals, factors, sign_in_rules
from apps.access.domain import locker, one_time
from apps.access.domain.approval import Verdict
from apps.access.domain.locker import Ring, Unopened
from apps.access.models import ApprovalRequest, Authenticator, RecoveryCode, Role, User
from apps.access.queries import factors as queries
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories import access
from tests.factories.access import AT, PASSWORD, person

STEP = dt.timedelta(seconds=30)
DOOR = System("log_in")


def with_app(user: User, at: dt.datetime = AT) -> tuple[pyotp.TOTP, list[str]]:
    """The app, confirmed one step before the moment, and the recovery codes."""
    app = pyotp.TOTP(factors.begin(user=user, by=user, at=at - STEP))
    return app, factors.confirm(user=user, code=app.at(at - STEP), by=user, at=at - STEP)


def after_password(username: str) -> Client:
    client = Client()
    answer = client.post("/login", {"username": username, "password": PASSWORD, "next": "/account/factors/"})
    assert answer["Location"] == "/login/code?next=/account/factors/"
    return client


def code_of(refused: Any) -> str:
    try:
        refused()
    except Refused as refusal:
        return refusal.code
    return ""


def test_what_is_locked_opens_with_its_own_key_for_its_own_purpose_alone() -> None:
    old, both = Ring({1: b"a" * 32}), Ring({1: b"a" * 32, 2: b"b" * 32})
    first, second = (
        old.lock(b"secret", about="x/1", nonce=b"n" * 12),
        both.lock(b"secret", about="x/1", nonce=b"m" * 12),
    )

    assert (locker.version_of(first), locker.version_of(second)) == (1, 2)
    assert {both.open(first, about="x/1"), both.open(second, about="x/1")} == {b"secret"}
    with pytest.raises(Unopened) as gone:
        old.open(second, about="x/1")
    assert gone.value.version == 2
    for bad, about in ((first, "x/2"), (first[:-4] + "AAA=", "x/1"), ("nonsense", "x/1"), ("1:!", "x/1")):
        with pytest.raises(Unopened):
            both.open(bad, about=about)
    assert locker.read(locker.line(1, b"a" * 32) + locker.line(2, b"b" * 32)) == both
    for bad in ("", "1 short", "x y"):
        with pytest.raises(ValueError):
            locker.read(bad)


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the last six digits of its SHA-1 vectors."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    vectors = {59: "287082", 1111111109: "081804", 2000000000: "279037"}

    for seconds, code in vectors.items():
        at = dt.datetime.fromtimestamp(seconds, dt.UTC)
        assert one_time.step_of(secret, code, at, after=None) == seconds // 30
        assert one_time.step_of(secret, code, at, after=seconds // 30) is None
    assert one_time.step_of(secret, "²87082", dt.datetime.fromtimestamp(59, dt.UTC), after=None) is None


@pytest.mark.django_db
def test_an_app_is_set_up_on_the_page_and_asked_for_from_then_on() -> None:
    anna = person("anna", password=PASSWORD)
    with time_machine.travel(AT, tick=False):
        client = Client()
        client.force_login(anna)
        client.post("/account/factors/begin")
        shown = client.get("/account/factors/app").content.decode()
        secret = pyotp.TOTP(queries.waiting(anna) or "")
        wrong = client.post("/account/factors/app", {"code": "000000"})
        codes = client.post("/account/factors/app", {"code": secret.now()}).content.decode()

    assert one_time.grouped(secret.secret) in shown
    assert "That is not the code" in wrong.content.decode()
    assert codes.count("<li><code>") == one_time.RECOVERY_CODES
    with time_machine.travel(AT + STEP, tick=False):
        fresh = after_password("anna")
        assert fresh.get("/").status_code == 302
        bad = fresh.post("/login/code", {"code": "123"})
        good = fresh.post("/login/code", {"code": secret.now(), "next": "/account/factors/"})

        assert "The code is wrong, or was used before." in bad.content.decode()
        assert (good.status_code, good["Location"], fresh.get("/").status_code) == (302, "/account/factors/", 200)


@pytest.mark.django_db
def test_a_code_is_good_once_and_none_older_than_it() -> None:
    anna = person("anna")
    app, _ = with_app(anna)
    replay = app.at(AT - STEP)

    assert code_of(lambda: factors.give(user=anna, code=replay, by=DOOR, at=AT)) == "wrong_code"
    assert code_of(lambda: factors.give(user=anna, code=app.at(AT), by=DOOR, at=AT)) == ""
    assert code_of(lambda: factors.give(user=anna, code=app.at(AT), by=DOOR, at=AT + STEP)) == "wrong_code"
    assert code_of(lambda: factors.give(user=anna, code=app.at(AT + STEP), by=DOOR, at=AT + STEP)) == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT decision FROM audit.operation WHERE action = 'access.second_factor' ORDER BY seq")
        assert [row[0] for row in cursor.fetchall()] == ["deny", "allow", "deny", "allow"]


@pytest.mark.django_db
def test_a_recovery_code_opens_once_however_it_is_typed() -> None:
    anna = person("anna")
    _, codes = with_app(anna)
    typed = codes[0].lower().replace("-", " ")

    assert code_of(lambda: factors.give(user=anna, code=typed, by=DOOR, at=AT)) == ""
    assert code_of(lambda: factors.give(user=anna, code=codes[0], by=DOOR, at=AT)) == "wrong_code"
    assert RecoveryCode.objects.filter(user=anna, used_at=None).count() == one_time.RECOVERY_CODES - 1


@pytest.mark.django_db
def test_guessing_codes_shuts_the_log_in_and_the_right_password_does_not_open_it() -> None:
    anna = person("anna", password=PASSWORD)
    app, _ = with_app(anna)
    with time_machine.travel(AT, tick=False):
        for _ in range(4):
            after_password("anna").post("/login/code", {"code": "000000"})
        shut = after_password("anna").post("/login/code", {"code": "000000"})
        again = Client().post("/login", {"username": "anna", "password": PASSWORD})

    assert "The code is wrong" in shut.content.decode()
    assert "too many failed attempts" in again.content.decode()


@pytest.mark.django_db
def test_the_half_of_a_log_in_lasts_ten_minutes() -> None:
    anna = person("anna", password=PASSWORD)
    app, _ = with_app(anna)
    with time_machine.travel(AT, tick=False):
        client = after_password("anna")
    with time_machine.travel(AT + dt.timedelta(minutes=11), tick=False):
        answer = client.post("/login/code", {"code": app.now()})

    assert (answer.status_code, answer["Location"]) == (302, "/login")


@pytest.mark.django_db
def test_a_role_that_asks_for_it_lets_nobody_go_on_without() -> None:
    anna, maya = person("anna", password=PASSWORD), person("maya")
    older = Client()
    older.force_login(anna)
    assert older.get("/").status_code == 200
    Role.objects.filter(code="agent").update(second_factor=True)

    assert (older.get("/").status_code, older.get("/")["Location"]) == (302, "/account/factors/")
    assert older.get("/api/sessions/").json()["code"] == "second_factor_required"
    assert older.get("/account/factors/").status_code == 200
    with time_machine.travel(AT, tick=False):
        app, _ = with_app(anna)
        other = Client()
        other.force_login(anna)
        assert other.get("/account/sessions/")["Location"] == "/account/confirm?next=/account/sessions/"
        assert other.post("/account/factors/begin")["Location"].startswith("/account/confirm")
        other.post("/account/confirm", {"code": app.now()})
        assert other.get("/account/sessions/").status_code == 200
        assert code_of(lambda: factors.remove_app(user=anna, by=anna, at=AT)) == "factor_last"
    client = Client()
    client.force_login(maya)
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_what_a_role_asks_for_is_changed_by_two() -> None:
    adam, cora = person("adam"), person("cora")
    desk = Client()
    desk.force_login(adam)
    wish = {"second_factor": "on", "idle_minutes": "15", "reason": "They see the whole book"}

    desk.post("/staff/roles/auditor/sign-in", wish)
    asked = ApprovalRequest.objects.get()
    assert not Role.objects.get(code="auditor").second_factor
    approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=cora, at=asked.made_at)

    changed = Role.objects.get(code="auditor")
    assert (changed.second_factor, changed.idle_minutes) == (True, 15)
    with pytest.raises(Refused, match="The role Auditor asks for that already"):
        sign_in_rules.propose(role="auditor", second_factor=True, idle_minutes=15, reason="x", by=adam, at=AT)


@pytest.mark.django_db
def test_a_lost_factor_is_taken_away_by_two_and_never_by_its_owner() -> None:
    anna, adam, maya = person("anna"), person("adam"), person("maya")
    access.give(adam, "treasury")
    with_app(anna)
    window, desk = Client(), Client()
    window.force_login(anna)
    desk.force_login(adam)

    answer = desk.post("/api/staff/anna/reset-second-factor/", {"reason": "Telephone stolen"})
    asked = ApprovalRequest.objects.get()
    approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=maya, at=asked.made_at)

    assert answer.status_code == 201
    assert not Authenticator.objects.filter(user=anna).exists()
    assert window.get("/").status_code == 302
    with_app(maya)
    with pytest.raises(Forbidden, match="Nobody resets their own second factor"):
        sign_in_rules.ask_reset(user=maya, reason="x", by=maya, at=AT)
    by_adam = sign_in_rules.ask_reset(user=maya, reason="x", by=adam, at=AT)
    with pytest.raises(Forbidden, match="Nobody resets their own second factor"):
        approvals.decide(reference=by_adam.reference, verdict=Verdict.APPROVE, by=maya, at=AT)


@pytest.mark.django_db
def test_the_database_alone_opens_no_app_and_a_key_that_is_gone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECRETS_KEY_FILE", str(tmp_path / "keys"))
    anna = person("anna")
    app, _ = with_app(anna)
    assert app.secret not in Authenticator.objects.get().secret
    assert oct((tmp_path / "keys").stat().st_mode)[-3:] == "600"

    out = io.StringIO()
    call_command("secrets_key", "renew", "--json", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue()) == {"versions": [1, 2], "secrets": {"2": 1}, "locked_anew": 1}
    (tmp_path / "keys").write_text((tmp_path / "keys").read_text().splitlines(keepends=True)[1])
    assert code_of(lambda: factors.give(user=anna, code=app.at(AT), by=DOOR, at=AT)) == ""

    (tmp_path / "keys").write_text(locker.line(1, b"x" * 32))
    with pytest.raises(Refused, match="The key 2 that locked this secret is no longer kept"):
        factors.give(user=anna, code=app.at(AT + STEP), by=DOOR, at=AT + STEP)


@pytest.mark.django_db
def test_the_api_sets_up_an_app() -> None:
    client = Client()
    with time_machine.travel(AT, tick=False):
        client.force_login(person("anna"))
        begun = client.post("/api/account/factors/").json()
        code = pyotp.TOTP(begun["secret"]).now()
        codes = client.post("/api/account/factors/confirm/", {"code": code}).json()["codes"]

        assert begun["address"].startswith("otpauth://totp/Whiteslip:anna?secret=")
        assert len(codes) == one_time.RECOVERY_CODES
        assert client.get("/api/account/factors/").json() == [
            {"app": True, "passkeys": [], "codes": 10, "is_required": False}
        ]
        assert client.post("/api/account/factors/remove-app/").status_code == 204
        assert client.post("/api/account/factors/codes/").json()["code"] == "factor_missing"
