"""The pages, endpoints and the command of strategies."""

import copy
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.access.models import ApprovalRequest, User
from apps.audit.models import Operation
from apps.cases.actions import strategy_drafts
from apps.cases.domain.strategy_schema import SCHEMA
from apps.cases.forms.strategies import Editor
from apps.cases.models import Case, Simulation, StrategyVersion
from apps.cases.queries import strategies as queries
from config import celery
from tests.cases.conftest import NOON, TODAY
from tests.factories import access

pytestmark = pytest.mark.django_db
FIRST = ("baitiao-standard", 1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Noon, and nobody listens to the broker."""
    monkeypatch.setattr(celery.app.conf, "broker_url", "memory://")
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def rita(db: None) -> User:
    return access.person("rita")


@pytest.fixture
def draft(rita: User) -> StrategyVersion:
    return strategy_drafts.draw(document=StrategyVersion.objects.get().document, by=rita, at=NOON)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def typed(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the editor's form sends for a document."""
    editor = Editor(document)
    sent: dict[str, Any] = {f"{kind}-count": len(rows) for kind, rows in editor.rows.items()}
    for form in [editor.head, *(row for rows in editor.rows.values() for row in rows)]:
        sent |= {form.add_prefix(name): form[name].value() for name in form.fields}
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, list) and not name.endswith("-exits") else value
        for name, value in sent.items()
    }
    return {name: value for name, value in (shown | changes).items() if value is not None}


def address(name: str, version: StrategyVersion) -> str:
    return reverse(f"cases:{name}", args=(version.code, version.version))


FULL: dict[str, Any] = {
    "existing_cases": "at_once",
    "caps": {"messages": 1},
    "segments": [{"code": "small", "buckets": ["M1"], "amount_below": "500.00", "first_payment_default": False}],
    "experiment": {
        "salt": "q2",
        "arms": [
            {"code": "now", "role": "champion", "weight": 90},
            {"code": "none", "role": "holdout", "weight": 10},
        ],
    },
}


@pytest.mark.parametrize("parts", [{}, FULL], ids=["shipped", "full"])
def test_the_editor_says_of_a_document_what_it_says(parts: dict[str, Any], draft: StrategyVersion) -> None:
    document = copy.deepcopy(draft.document) | parts
    document["steps"][2] |= {"exits": ["payment"], "minutes": 9, "wait": 2}
    strategy_drafts.change(version=draft, document=document, by=access.person("rita"), at=NOON)

    answer = signed_in("rita").post(address("edit_strategy", draft), typed(document))

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.document == document


def test_rows_are_added_taken_out_and_moved_without_losing_what_is_typed(draft: StrategyVersion) -> None:
    rita = signed_in("rita")
    sent = typed(draft.document, **{"step-1-code": "NOT a code", "name": ""})

    moved = rita.post(address("edit_strategy", draft), sent | {"do": "up:step:1"}).context["editor"]
    added = rita.post(address("edit_strategy", draft), sent | {"do": "add:segment"}).context["editor"]
    fewer = rita.post(address("edit_strategy", draft), sent | {"do": "remove:step:0"}).context["editor"]

    assert [row.initial["code"] for row in moved.rows["step"]][:3] == ["NOT a code", "pre_due", "agent_contact"]
    assert len(added.rows["segment"]) == 1
    assert [row.initial["code"] for row in fewer.rows["step"]][:2] == ["NOT a code", "agent_contact"]
    assert fewer.head.initial["name"] == ""
    draft.refresh_from_db()
    assert draft.document["steps"][1]["code"] == "auto_reminder"


def test_what_is_wrong_is_said_beside_what_is_typed(draft: StrategyVersion) -> None:
    rita = signed_in("rita")

    wrong = rita.post(address("check_strategy", draft), typed(draft.document, **{"step-2-queue": "committee"}))
    gap = rita.post(address("check_strategy", draft), typed(draft.document, **{"step-2-from_day": "4"}))
    unread = rita.post(address("edit_strategy", draft), typed(draft.document, **{"step-2-days": "five"}))

    assert "Nothing is wrong with it." in wrong.content.decode()
    assert "Step agent_contact leaves a gap: it begins at 4 days and first acts at 5." in gap.content.decode()
    assert "Days are whole numbers, separated by commas." in unread.content.decode()
    assert "Shown once everything can be read." in unread.content.decode()


def test_a_strategist_draws_simulates_and_asks_and_the_approver_sees_what_changes(
    case: Case, draft: StrategyVersion
) -> None:
    rita = signed_in("rita")
    document = copy.deepcopy(draft.document) | {"caps": {"messages": 1}}
    rita.post(address("edit_strategy", draft), typed(document))

    page = rita.get(address("strategy", draft)).content.decode()
    assert "Ask to publish it" in page
    sent = rita.post(
        address("simulate_strategy", draft), {"first_date": TODAY.isoformat(), "last_date": TODAY.isoformat()}
    )
    assert sent["Location"] == reverse("cases:simulation", args=(Simulation.objects.get().reference,))
    assert "Waiting" in rita.get(sent["Location"]).content.decode()
    rita.post(address("publish_strategy", draft), {"reason": "Fewer messages."})
    asked = ApprovalRequest.objects.get()

    dora = signed_in("dora")
    assert reverse("cases:strategy_request", args=(asked.reference,)) in (
        dora.get(f"/approvals/{asked.reference}/").content.decode()
    )
    seen = dora.get(reverse("cases:strategy_request", args=(asked.reference,))).content.decode()
    assert "Caps: “messages” is 1, and was not said before." in seen


def test_versions_are_compared_on_a_page(draft: StrategyVersion) -> None:
    found = signed_in("leo").get(
        reverse("cases:compare_strategies"), {"from": "baitiao-standard@1", "to": "baitiao-standard@2"}
    )

    assert "Nothing differs." in found.content.decode()


def test_a_draft_is_rebased_and_thrown_away_on_its_page(draft: StrategyVersion) -> None:
    from apps.cases.actions import strategies
    from apps.core.domain.actor import System

    strategies.publish(document=draft.document | {"version": 3}, by=System("test"), at=NOON)
    rita = signed_in("rita")
    assert "is in force now" in rita.get(address("strategy", draft)).content.decode()
    refused = rita.post(address("publish_strategy", draft), {"reason": "Now."}).content.decode()
    assert "compare the two and rebase it" in refused

    rita.post(address("rebase_strategy", draft))
    draft.refresh_from_db()
    assert str(draft.base) == "baitiao-standard@3"
    rita.post(address("discard_strategy", draft))
    draft.refresh_from_db()
    assert draft.status == "discarded"

    first = StrategyVersion.objects.get(version=1)
    rita.post(address("roll_back_strategy", first), {"existing_cases": "at_once", "reason": "Back."})
    assert ApprovalRequest.objects.get().payload == {"version": "baitiao-standard@1", "existing_cases": "at_once"}


def test_whoever_only_reads_is_offered_nothing_to_change(draft: StrategyVersion) -> None:
    leo = signed_in("leo")

    page = leo.get(address("strategy", draft)).content.decode()

    assert "Edit" not in page
    assert "Draw a new version" not in page
    assert leo.get(address("edit_strategy", draft)).status_code == 403


def test_the_list_asks_no_more_of_the_database_for_more_versions(draft: StrategyVersion, rita: User) -> None:
    client, counts = signed_in("rita"), []
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("cases:strategies"))
        counts.append(len(asked))
        strategy_drafts.draw(document=draft.document, by=rita, at=NOON)

    assert counts[0] == counts[2]


def call(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/strategies/{path}", json.dumps(body), content_type="application/json")


def test_everything_is_there_over_the_api(case: Case) -> None:
    rita = signed_in("rita")
    document = rita.get("/api/strategies/baitiao-standard@1/").json()["document"]
    assert rita.get("/api/strategies/schema/").json() == json.loads(json.dumps(SCHEMA))

    drawn = call(rita, "", document=document)
    assert (drawn.status_code, drawn.json()["reference"], drawn.json()["base"]) == (
        201, "baitiao-standard@2", "baitiao-standard@1",
    )  # fmt: skip
    broken = document | {"caps": {"messages": 9}}
    assert call(rita, "validation/", document=broken).json() == {
        "faults": ["The cap of 9 messages a day is above the rule of conduct operator-daily-sms: 2 a day by sms."]
    }
    assert call(rita, "baitiao-standard@2/publication/", reason="x").status_code == 201
    saved = call(rita, "baitiao-standard@2/document/", document=broken)
    assert saved.json()["document"]["version"] == 2
    refused = call(rita, "baitiao-standard@2/simulation/", first_date=str(TODAY), last_date=str(TODAY))
    assert (refused.status_code, refused.json()["code"]) == (409, "strategy_invalid")
    call(rita, "baitiao-standard@2/document/", document=document | {"caps": {"messages": 1}})
    (change,) = rita.get("/api/strategies/baitiao-standard@2/comparison/").json()
    assert change["sentence"] == "Caps: “messages” is 1, and was not said before."
    asked = call(rita, "baitiao-standard@2/simulation/", first_date=str(TODAY), last_date=str(TODAY))
    assert (asked.status_code, asked.json()["days"]) == (202, 2)
    reference = asked.json()["reference"]
    assert rita.get(f"/api/simulations/{reference}/").json()["status"] == "waiting"
    assert call(rita, "baitiao-standard@2/base/").status_code == 200
    assert call(rita, "baitiao-standard@2/discard/").json()["status"] == "discarded"
    assert call(rita, "baitiao-standard@1/roll-back/", reason="x").json()["code"] == "not_retired"
    assert rita.get("/api/strategies/baitiao-standard@9/").status_code == 404
    assert rita.get("/api/strategies/").json()["results"][0]["reference"] == "baitiao-standard@2"
    assert call(signed_in("leo"), "", document=document).status_code == 403


def test_a_worker_runs_what_was_asked_for_and_a_page_shows_it(case: Case, draft: StrategyVersion) -> None:
    from apps.cases import tasks
    from apps.cases.actions import simulations

    asked = simulations.ask(version=draft, first_date=TODAY, last_date=TODAY, by=access.person("rita"), at=NOON)

    assert tasks.simulate_what_waits() == 1
    assert tasks.simulate(asked.reference) == "simulated_elsewhere"

    page = signed_in("leo").get(reverse("cases:simulation", args=(asked.reference,))).content.decode()
    assert "Agent hours" in page
    assert "agent_contact" in page or "Telephone contact" in page
    asked.refresh_from_db()
    assert (asked.status, asked.result["candidate"]["tasks"]) == ("done", 1)  # type: ignore[index]


def test_the_command_prints_what_a_version_would_make(case: Case, draft: StrategyVersion) -> None:
    out = io.StringIO()

    call_command("simulate_strategy", "baitiao-standard@2", "--date", str(TODAY), "--json", stdout=out)

    printed = json.loads(out.getvalue())
    assert {"cases", "tasks", "messages", "blocked", "agent_hours"} <= set(printed)
    assert (printed["version"], printed["tasks"], printed["agent_hours"]) == ("baitiao-standard@2", 1, 0.1)
    assert Operation.objects.get(action="cases.simulate_strategy").actor == "system:simulate_strategy"
    call_command("simulate_strategy", "baitiao-standard", "--date", str(TODAY))
    with pytest.raises(CommandError, match="There is no version nothing@1"):
        call_command("simulate_strategy", "nothing@1", "--date", str(TODAY))
    with pytest.raises(CommandError, match="is not closed: the last day that can be simulated"):
        call_command("simulate_strategy", "baitiao-standard@1", "--date", "2027-01-01")


def test_a_version_is_named_by_code_and_number(draft: StrategyVersion) -> None:
    assert [str(queries.named(text)) for text in ("baitiao-standard", "baitiao-standard@1", "x", "x@1", "@", "")] == [
        "baitiao-standard@2", "baitiao-standard@1", "None", "None", "None", "None",
    ]  # fmt: skip
