"""The trail on the auditor's pages and over the API."""

import datetime as dt

import pytest
from django.test import Client

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit import registry
from apps.audit.actions import exports
from apps.audit.domain.envelope import Decision
from apps.audit.models import Operation
from apps.core.domain.actor import System
from tests.factories import access

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


@pytest.fixture
def team() -> Team:
    """A team that Leo added and renamed, and that somebody moved past every operation."""
    leo = access.person("leo")
    with audit.operation("teams.add", by=leo, at=AT, reason="a new floor") as op:
        op.on = team = Team.objects.create(code="east", name="The east")
        op.sentence = "Added the east."
    with audit.operation("teams.rename", by=leo, at=AT, on=team):
        Team.objects.filter(pk=team.pk).update(name="The far east")
    with registry.job("teams.night", task_id="t-1", attempt=2):
        audit.record(
            "teams.close", by=System("night"), at=AT, on=team, decision=Decision.DENY, sentence="=It is open.",
            authority="approval:A-1", on_behalf_of="user:7",
        )  # fmt: skip
    Team.objects.filter(pk=team.pk).update(code="far")
    return team


def client(username: str = "otto") -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def text(address: str, username: str = "otto") -> str:
    answer = client(username).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_trail_shows_who_did_what(team: Team) -> None:
    page = text("/audit/")

    assert page.index(">teams.close") < page.index(">teams.rename") < page.index(">teams.add")
    assert "Leo Li" in page
    assert "Added the east." in page
    assert "Refused" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=leo", ["teams.rename", "teams.add"]),
        ("actor=system:night", ["teams.close"]),
        ("actor=nobody", []),
        ("action=teams.a", ["teams.add"]),
        ("decision=deny", ["teams.close"]),
        ("object=access.team", ["teams.close", "teams.rename", "teams.add"]),
        ("object=access.team:0", []),
        ("kind=access.team&reference=far", ["teams.close", "teams.rename", "teams.add"]),
        ("reference=nowhere", []),
        ("role=team_lead", ["teams.rename", "teams.add"]),
        ("role=system&action=teams", ["teams.close"]),
        ("authority=approval:A-1", ["teams.close"]),
        ("on_behalf_of=user:7", ["teams.close"]),
        ("channel=web&action=teams", []),
        ("recorded_to=2001-01-01", []),
        ("recorded_from=2001-01-01&action=teams.", ["teams.close", "teams.rename", "teams.add"]),
    ],
)
def test_the_filters_of_the_page_and_the_endpoint_find_the_same(team: Team, query: str, found: list[str]) -> None:
    page = text(f"/audit/?{query}")
    assert [name for name in ("teams.close", "teams.rename", "teams.add") if f">{name}" in page] == found

    query = query.replace("actor=leo", f"actor=user:{access.person('leo').pk}")
    answer = client().get(f"/api/audit/operations/?{query}").json()
    assert [row["action"] for row in answer["results"]] == found


def test_an_operation_shows_what_it_changed_field_by_field(team: Team) -> None:
    page = text(f"/audit/{Operation.objects.get(action='teams.rename').seq}/")

    assert "The east" in page
    assert "The far east" in page
    assert "Changed" in page


def test_values_are_shown_by_their_kind_and_rows_by_their_references() -> None:
    with audit.operation("staff.add", by=access.person("leo"), at=AT) as op:
        access.person("anna")
    page = text(f"/audit/{op.seq}/")

    assert ">Person anna</a>" in page
    assert '<span title="is_active">Works here</span>' in page
    assert ">yes\n</td>" in page
    assert ">leo</a>" in page  # to whom she reports
    assert "Anna An" not in page  # personal: only that there is a value
    assert '<time datetime="2026-06-01T01:00:00+00:00"' in page


def test_a_request_shows_all_that_it_did_and_which_try_it_was(team: Team) -> None:
    page = text("/audit/requests/teams.night:t-1/")

    assert "teams.close" in page
    assert "attempt 2" in page
    assert "teams.add" not in page


def test_a_person_shows_what_they_did(team: Team) -> None:
    page = text(f"/audit/people/{access.person('leo').actor_id}/")

    assert page.index("teams.rename") < page.index("teams.add")
    assert "teams.close" not in page
    assert "Team lead" in page
    assert "teams.close" in text("/audit/people/system:night/")


def test_what_nobody_accounts_for_is_loud(team: Team) -> None:
    assert "changes that no operation accounts for." in text("/audit/")
    page = text("/audit/unattributed/")
    assert "whiteslip_app" in page
    assert ">east\n</td>" in page


def test_an_object_has_its_history_and_says_what_nobody_accounts_for(team: Team) -> None:
    page = text(f"/audit/access.team/{team.pk}/")

    assert (
        page.index("whiteslip_app") < page.index("teams.close") < page.index("teams.rename") < page.index("teams.add")
    )


def test_the_api_gives_the_changes_of_an_object(team: Team) -> None:
    answer = client().get(f"/api/audit/changes/?object=access.team:{team.pk}").json()

    assert [row["kind"] for row in answer["results"]] == ["U", "U", "I"]
    assert answer["results"][1]["diff"] == {"name": ["The east", "The far east"]}
    assert client().get("/api/audit/changes/?unattributed=true").json()["results"][0]["op_seq"] is None


def test_an_export_whose_reader_goes_away_is_recorded_as_broken_off(team: Team) -> None:
    otto = access.person("otto")
    begun = exports.begin(what="audit.operation", filters={}, columns=["seq"], purpose="Audit", by=otto, at=AT)
    pieces = exports.stream(export=begun, chunks=iter([(b"seq\n", 0), (b"1\n", 1)]), by=otto, at=AT)

    next(pieces)
    pieces.close()  # type: ignore[attr-defined]

    assert Operation.objects.get(action="export.done").decision == "error"


@pytest.mark.parametrize("username", ["anna", "maya", "adam"])
def test_the_trail_is_for_those_who_may_read_it(team: Team, username: str) -> None:
    pages = ("", "1/", "access.team/1/", "requests/x/", "people/user:1/", "unattributed/")
    for address in (*(f"/audit/{page}" for page in pages), "/api/audit/operations/", "/api/audit/changes/"):
        assert client(username).get(address).status_code == 403


def test_the_list_asks_the_same_few_questions_for_one_row_as_for_many(
    team: Team, django_assert_max_num_queries: object
) -> None:
    signed_in = client()
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        signed_in.get("/audit/?action=teams.add")
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        signed_in.get("/audit/")


def test_every_answer_names_its_request() -> None:
    answer = client().get("/audit/")

    assert len(answer["X-Request-ID"]) == 36


def test_a_refusal_is_kept_in_english_and_read_in_the_readers_language() -> None:
    chinese = {"headers": {"Accept-Language": "zh-hans"}}
    client("anna").get("/audit/", **chinese)  # type: ignore[arg-type]
    page = client().get("/audit/?action=access.open", **chinese).content.decode()  # type: ignore[arg-type]

    kept = Operation.objects.get(action="access.open")
    assert kept.sentence.startswith("You need the permission “Read the audit trail”, which these roles hold: ")
    assert "您需要“查看审计记录”权限" in page
