"""Placing a case with an agency, taking it back, and what each side sees meanwhile."""

import datetime as dt

import pytest
from django.test import Client

from apps.access.actions import agencies, approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest, User
from apps.cases.actions import cases as assigning
from apps.cases.actions import contacts, placements, tasks
from apps.cases.domain.status import Outcome
from apps.cases.models import Case
from apps.cases.queries import cases
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers.models import Placement
from tests.cases.conftest import NOON
from tests.factories import access, walls
from tests.factories import cases as factory


def asked(case: Case, code: str = "north") -> ApprovalRequest:
    agency = walls.agency(code)
    return placements.request(case=case, agency=agency, reason="91 days late", by=access.person("leo"), at=NOON)


def agreed(request: ApprovalRequest) -> None:
    approvals.decide(reference=request.reference, verdict=Verdict.APPROVE, by=access.person("maya"), at=NOON)


def seen_by(user: User) -> list[Case]:
    return list(cases.visible_to(User.objects.get(pk=user.pk)))


def test_a_case_is_placed_by_the_approval_and_taken_back_by_one_person(case: Case) -> None:
    gina, other = walls.agent(walls.agency()), walls.agent(walls.agency("south"), "gus")
    assigning.assign(case=case, to=access.person("anna"), by=access.person("leo"), at=NOON)
    task = factory.task(case, owner=access.person("anna"))
    request = asked(case)
    assert seen_by(gina) == []

    agreed(request)

    placement = Placement.objects.get()
    case.refresh_from_db()
    task.refresh_from_db()
    assert (placement.reference, placement.agency.code) == (f"PL-{request.reference}", "north")
    assert (case.owner, task.owner, seen_by(gina), seen_by(other)) == (None, None, [case], [])
    placements.recall(placement=placement, reason="pays again", by=access.person("leo"), at=NOON)
    assert seen_by(gina) == []
    with pytest.raises(Refused, match="is recalled already"):
        placements.recall(placement=placement, reason="again", by=access.person("leo"), at=NOON)


def test_nothing_is_placed_twice_or_with_somebody_off_the_list(case: Case) -> None:
    agreed(asked(case))
    with pytest.raises(Refused, match="is placed with North Collections already"):
        asked(case, "south")
    placements.recall(placement=Placement.objects.get(), reason="back", by=access.person("leo"), at=NOON)
    waiting = asked(case)
    agencies.strike(agency=walls.agency(), reason="complaints", by=access.person("dora"), at=NOON)

    with pytest.raises(Refused, match="is not on the white list"):
        agreed(waiting)
    with pytest.raises(Refused, match="is off the list already"):
        agencies.strike(agency=walls.agency(), reason="again", by=access.person("dora"), at=NOON)


def test_an_agency_that_is_struck_off_sees_nothing_of_what_it_had(case: Case) -> None:
    gina = walls.agent(walls.agency())
    walls.placed(case.customer, walls.agency())
    assert seen_by(gina) == [case]

    agencies.strike(agency=walls.agency(), reason="complaints", by=access.person("dora"), at=NOON)

    assert seen_by(gina) == []


def test_nobody_works_or_is_given_work_behind_a_wall(case: Case) -> None:
    gina = walls.agent(walls.agency())
    task = factory.task(case)

    with pytest.raises(Refused, match="K-C-1-1 lies behind a wall for Gina Gu"):
        assigning.assign(case=case, to=gina, by=access.person("leo"), at=NOON)
    with pytest.raises(Forbidden, match="K-C-1-1 lies behind a wall for you"):
        contacts.record(case=case, outcome=Outcome.NO_ANSWER, by=gina, at=NOON)
    with pytest.raises(Forbidden, match="K-C-1-1 lies behind a wall for you"):
        tasks.complete(task=task, outcome="done", by=gina, at=NOON)
    assert tasks.take_next(queue="agents", by=gina, at=NOON) is None


def test_the_pages_lead_from_the_request_to_the_recall(case: Case) -> None:
    walls.agency()
    leo, maya = Client(), Client()
    leo.force_login(access.person("leo"))
    maya.force_login(access.person("maya"))
    agency = str(walls.agency().pk)

    assert "Who must agree" in leo.get("/cases/K-C-1-1/place").content.decode()
    leo.post("/cases/K-C-1-1/place", {"agency": agency, "reason": "91 days late"})
    request = ApprovalRequest.objects.get()
    maya.post(f"/approvals/{request.reference}/decide", {"verdict": "approve"})

    assert "Placed with North Collections" in leo.get("/cases/K-C-1-1/").content.decode()
    assert "North Collections" in leo.get("/cases/placements/?stands=yes").content.decode()
    leo.post(f"/cases/placements/PL-{request.reference}/recall", {"reason": "pays again"})
    assert Placement.objects.get().reason == "pays again"
    assert "Nothing is placed." in leo.get("/cases/placements/?stands=yes&agency=north").content.decode()


def test_the_api_asks_places_and_recalls(case: Case) -> None:
    walls.agency()
    leo = Client()
    leo.force_login(access.person("leo"))

    answer = leo.post("/api/placements/", {"case": "K-C-1-1", "agency": "north", "reason": "late"})
    assert (answer.status_code, answer.json()["action"]) == (202, "cases.place")
    agreed(ApprovalRequest.objects.get())

    (shown,) = leo.get("/api/placements/").json()["results"]
    assert (shown["customer"], shown["agency"], shown["recalled_at"]) == ("C-1", "north", None)
    answer = leo.post(f"/api/placements/{shown['reference']}/recall/", {"reason": "pays"})
    assert dt.datetime.fromisoformat(answer.json()["recalled_at"]).tzinfo is not None


def test_the_white_list_is_kept_by_pages_and_api(db: None) -> None:
    dora, leo = Client(), Client()
    dora.force_login(access.person("dora"))
    leo.force_login(access.person("leo"))

    dora.post("/staff/agencies/enlist", {"name": "East Office", "code": "east"})
    assert "East Office" in leo.get("/staff/agencies/").content.decode()
    assert leo.post("/staff/agencies/enlist", {"name": "X", "code": "x"}).status_code == 403
    assert "already" in dora.post("/staff/agencies/enlist", {"name": "E", "code": "east"}).content.decode()
    assert dora.post("/api/agencies/", {"code": "west", "name": "West"}).status_code == 201
    assert dora.post("/api/agencies/west/strike/", {"reason": "closed"}).json()["struck_at"]
    dora.post("/staff/agencies/east/strike", {"reason": "complaints"})
    assert [shown["struck_at"] is None for shown in leo.get("/api/agencies/").json()["results"]] == [False, False]
