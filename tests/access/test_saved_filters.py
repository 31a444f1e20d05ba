"""Filters under a name: one's own, or a role's."""

import pytest
from django.test import Client

from apps.audit.models import Operation
from tests.factories import access

pytestmark = pytest.mark.django_db


def client(username: str, **changes: object) -> Client:
    found = Client()
    found.force_login(access.person(username, **changes))  # type: ignore[arg-type]
    return found


def keep(by: Client, name: str = "Refused", role: str = "", filters: str = "decision=deny&after=7") -> str:
    return by.post("/audit/filters/", {"name": name, "role": role, "filters": filters}).headers.get("Location", "")


def test_filters_are_kept_and_offered_to_whom_they_are_for() -> None:
    cora, otto, olga = client("cora"), client("otto"), client("olga", role="auditor")

    assert keep(otto) == "/audit/?decision=deny"
    keep(otto, "Logins", "auditor", "action=access.log_in")
    keep(otto, "Logins", "auditor", "action=access.log")

    assert 'href="/audit/?decision=deny"' in otto.get("/audit/").content.decode()
    assert [saved["name"] for saved in otto.get("/api/audit/saved-filters/").json()["results"]] == ["Logins", "Refused"]
    (shared,) = olga.get("/api/audit/saved-filters/").json()["results"]
    assert (shared["role"], shared["filters"]) == ("auditor", {"action": "access.log"})
    assert cora.get("/api/audit/saved-filters/").json()["results"] == []
    assert Operation.objects.filter(action="audit.keep_filter", decision="allow").count() == 3


def test_only_whoever_kept_filters_throws_them_away() -> None:
    otto, olga = client("otto"), client("olga", role="auditor")
    answer = otto.post(
        "/api/audit/saved-filters/",
        {"name": "All jobs", "role": "auditor", "filters": {"channel": "job"}},
        content_type="application/json",
    )
    number = answer.json()["id"]
    wrong = otto.post(
        "/api/audit/saved-filters/", {"name": "x", "filters": {"colour": "red"}}, content_type="application/json"
    )
    assert wrong.json() == {"filters": ["There is no filter “colour”."]}

    assert olga.post(f"/audit/filters/{number}/discard").status_code == 403
    denied = Operation.objects.filter(decision="deny").values_list("action", flat=True)
    assert list(denied) == ["audit.discard_filter"]
    assert client("cora").post(f"/audit/filters/{number}/discard").status_code == 404
    assert otto.delete(f"/api/audit/saved-filters/{number}/").status_code == 204
    assert otto.get("/api/audit/saved-filters/").json()["results"] == []


@pytest.mark.parametrize(
    ("name", "role", "filters", "code"),
    [
        (" ", "", "decision=deny", 409),
        ("Nothing", "", "after=7", 409),
        ("For others", "manager", "decision=deny", 403),
    ],
)
def test_what_cannot_be_kept_is_refused(name: str, role: str, filters: str, code: int) -> None:
    assert client("otto").post("/audit/filters/", {"name": name, "role": role, "filters": filters}).status_code == code
