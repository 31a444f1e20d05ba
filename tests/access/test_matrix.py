"""The authority matrix as editions: what may be proposed, who agrees, what takes effect when, and its doors."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.access.actions import approvals
from apps.access.actions import matrix as actions
from apps.access.domain import matrix as domain
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.domain.authority import Tier
from apps.access.domain.matrix import Flaw, Line
from apps.access.models import ApprovalRequest, AuthorityVersion
from apps.access.queries import matrix
from apps.access.queries.matrix import Draft
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories import access
from tests.factories.access import AT, person

D = Decimal
TOMORROW = dt.date(2026, 6, 2)
TEAM_LEAD, MANAGER = ("team_lead",), ("manager",)
DECIDERS = {"team_lead": 1, "manager": 2, "director": 1}


def line(code: str, up_to: str | None, *approvers: str, action: str = "a", product: str = "", **more: bool) -> Line:
    return Line(action, Tier(code, None if up_to is None else D(up_to), approvers or MANAGER, **more), product)


def flaws(*lines: Line, required: tuple[str, ...] = ("a",)) -> set[tuple[Flaw, str]]:
    found = domain.faults(lines, required=required, known=("a", "b"), products=("gold",), deciders=DECIDERS)
    return {(fault.flaw, fault.about) for fault in found}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("T1", "200.00", fees_only=True), line("T2", "200.01"), line("T3", None)], set()),
        ([line("T3", None, "manager", "manager")], set()),
        ([line("T3", None), line("T1", "5.00", product="gold"), line("T2", None, product="gold")], set()),
        ([], {(Flaw.UNRULED, "")}),
        ([line("T3", None, product="gold")], {(Flaw.UNRULED, "")}),
        ([line("T1", "200.00"), line("T2", "500.00")], {(Flaw.HOLE, "500.00")}),
        ([line("T1", "200.00"), line("T2", None, fees_only=True)], {(Flaw.HOLE, "200.00")}),
        ([line("T3", None), line("T1", "5.00", product="gold")], {(Flaw.HOLE, "5.00")}),
        ([line("T1", "200.00"), line("T2", "200.00"), line("T3", None)], {(Flaw.OVERLAP, "T1")}),
        ([line("T2", None), line("T3", None)], {(Flaw.OVERLAP, "T2")}),
        ([line("T1", "1.00"), line("T1", None)], {(Flaw.REPEATED, "")}),
        ([line("T1", "0.00"), line("T2", None)], {(Flaw.AMOUNT, "0.00")}),
        ([Line("a", Tier("T2", None, ()))], {(Flaw.NOBODY_NAMED, "")}),
        ([line("T2", None, "wizard")], {(Flaw.ROLE_UNKNOWN, "wizard")}),
        ([line("T2", None, "director", "director")], {(Flaw.TOO_FEW, "director")}),
        ([line("T2", None), line("T2", None, action="c")], {(Flaw.ACTION_UNKNOWN, "")}),
        ([line("T2", None), line("T2", None, product="tin")], {(Flaw.PRODUCT_UNKNOWN, "")}),
    ],
)
def test_a_matrix_with_a_hole_an_overlap_or_nobody_to_agree_is_faulty(
    lines: list[Line], expected: set[tuple[Flaw, str]]
) -> None:
    assert flaws(*lines) == expected


def test_an_edition_changes_what_it_adds_takes_out_and_has_otherwise() -> None:
    kept, before, after = line("T3", None), line("T1", "200.00"), line("T1", "300.00")
    gone, new = line("T2", "500.00"), line("T1", "1.00", product="gold")

    found = domain.changes([kept, before, gone], [kept, after, new])

    assert [(change.product, change.code, change.before, change.after) for change in found] == [
        ("", "T1", before.tier, after.tier),
        ("", "T2", gone.tier, None),
        ("gold", "T1", None, new.tier),
    ]


@pytest.fixture
def staffed(db: None) -> None:
    access.cast()


def draft(**changes: Any) -> Draft:
    """The shipped matrix with a late fee's first tier at 300.00, from tomorrow."""
    lines = [
        replace(found, tier=replace(found.tier, up_to=D("300.00")))
        if (found.action, found.tier.code) == ("bills.waive_late_fee", "T1")
        else found
        for found in matrix.lines_of(matrix.latest())
    ]
    said: dict[str, Any] = {
        "effective_date": TOMORROW,
        "note": "Team leads may more",
        "maker_daily_limit": D("100000.00"),
        "customer_daily_limit": None,
        "lines": tuple(lines),
    }
    return Draft(**(said | changes))


def propose(found: Draft, base: int = 1, at: dt.datetime = AT) -> ApprovalRequest:
    return actions.propose(draft=found, base=base, reason="Fewer waits.", by=person("dora"), at=at)


def agree(request: ApprovalRequest, *who: str, at: dt.datetime = AT) -> None:
    for name in who:
        approvals.decide(reference=request.reference, verdict=Verdict.APPROVE, by=person(name), at=at)


def tier_of(amount: str, date: dt.date, product: str = "") -> str:
    version = matrix.version_in_force(date)
    assert version is not None
    rule = matrix.rule_for(version, "bills.waive_late_fee", D(amount), fees_only=True, product=product)
    assert rule is not None
    return rule.tier


def test_an_agreed_edition_takes_effect_on_its_date_and_open_requests_keep_their_rule(staffed: None) -> None:
    request = propose(draft())
    assert tier_of("250.00", TOMORROW) == "T2"

    agree(request, "rita", "cora")

    assert (tier_of("250.00", TOMORROW - dt.timedelta(days=1)), tier_of("250.00", TOMORROW)) == ("T2", "T1")
    made = AuthorityVersion.objects.get(number=2)
    assert matrix.draft_of(made) == replace(draft(), lines=tuple(domain.in_order(draft().lines)))
    request.refresh_from_db()
    assert (request.status, request.rule.version.number) == (RequestStatus.APPROVED, 1)


def test_nobody_publishes_alone_or_what_they_proposed(staffed: None) -> None:
    request = propose(draft())
    agree(request, "rita")

    assert not AuthorityVersion.objects.filter(number=2).exists()
    with pytest.raises(Forbidden, match="never decides"):
        agree(request, "dora")


def test_an_edition_whose_base_has_moved_on_is_void_and_refused(staffed: None) -> None:
    first, second = propose(draft()), propose(draft(maker_daily_limit=None))
    agree(first, "rita", "cora")

    with pytest.raises(Refused, match="have changed"):
        agree(second, "rita")
    with pytest.raises(Refused, match="drawn from matrix 1, but 2 is the latest"):
        propose(draft())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"effective_date": dt.date(2026, 6, 1)}, "takes effect after today"),
        ({"effective_date": dt.date(1999, 1, 1)}, "takes effect after today"),
        ({"maker_daily_limit": D("0.00")}, "above zero"),
        ({"lines": ()}, "Waive a late fee has no rule."),
    ],
)
def test_a_faulty_edition_is_refused_with_what_is_wrong(staffed: None, changes: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        propose(draft(**changes))
    assert not ApprovalRequest.objects.exists()


def test_an_edition_that_changes_nothing_is_refused(staffed: None) -> None:
    latest = matrix.latest()
    assert latest is not None

    with pytest.raises(Refused, match="same as the latest"):
        propose(replace(matrix.draft_of(latest), effective_date=TOMORROW))


def test_an_edition_whose_day_came_while_it_waited_is_not_published(staffed: None) -> None:
    request = propose(draft())
    agree(request, "rita")

    with pytest.raises(Refused, match="takes effect after today"):
        agree(request, "cora", at=AT + dt.timedelta(days=2))
    assert not AuthorityVersion.objects.filter(number=2).exists()


def test_lines_for_a_product_stand_in_place_of_the_others_and_an_order_is_kept(staffed: None) -> None:
    own = (
        Line("bills.waive_late_fee", Tier("G1", D("50.00"), TEAM_LEAD), "gold"),
        Line("bills.waive_late_fee", Tier("G2", None, ("risk_analyst", "compliance"), in_order=True), "gold"),
    )
    version = AuthorityVersion.objects.create(number=2, effective_date=TOMORROW, note="Gold")
    for found in (*own, *matrix.lines_of(matrix.versions().get(number=1))):
        tier = found.tier
        version.rules.create(
            action=found.action, product=found.product, tier=tier.code, up_to=tier.up_to,
            fees_only=tier.fees_only, approvers=list(tier.approvers), in_order=tier.in_order,
        )  # fmt: skip

    assert [tier_of("50.00", TOMORROW, "gold"), tier_of("50.01", TOMORROW, "gold")] == ["G1", "G2"]
    assert tier_of("50.01", TOMORROW, "tin") == "T1"


def test_the_second_of_an_order_waits_for_the_first(staffed: None) -> None:
    AuthorityVersion.objects.get(number=1).rules.filter(action=matrix.ACTION).update(in_order=True)
    request = propose(draft())

    with pytest.raises(Refused, match="not your turn"):
        agree(request, "cora")
    agree(request, "rita", "cora")

    assert AuthorityVersion.objects.filter(number=2).exists()


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    return client


def typed(**changes: str) -> dict[str, str]:
    """What the editor sends when the latest edition is opened, one line is changed and it is sent."""
    page = signed_in("dora").get(reverse("access:propose_matrix"))
    lines, form = page.context["lines"], page.context["form"]
    sent = {
        bound.html_name: str(bound.value())
        for each in (lines.management_form, form, *lines)
        for bound in each
        if bound.value() not in (None, False, "")
    }
    first = next(
        each.prefix
        for each in lines
        if (each["action"].value(), each["tier"].value()) == ("bills.waive_late_fee", "T1")
    )
    sent |= {"effective_date": "2026-06-02", "note": "More", "reason": "Fewer waits.", f"{first}-up_to": "300.00"}
    return sent | changes


@time_machine.travel(AT, tick=False)
def test_a_director_proposes_by_the_table_and_approvers_see_what_it_changes(staffed: None) -> None:
    answer = signed_in("dora").post(reverse("access:propose_matrix"), typed(), follow=True)
    request = ApprovalRequest.objects.get()

    page = signed_in("rita").get(reverse("access:matrix_proposal", args=(request.reference,))).content.decode()

    assert f"Request {request.reference} is sent." in answer.content.decode()
    assert "Waive a late fee · T1" in page
    assert "fees up to 200.00: Team lead" in page
    assert "fees up to 300.00: Team lead" in page
    assert request.facts["lines_changed"] == 1
    assert reverse("access:matrix_proposal", args=(request.reference,)) in (
        signed_in("rita").get(reverse("access:approval", args=(request.reference,))).content.decode()
    )
    agree(request, "rita", "cora")
    edition = signed_in("leo").get(reverse("access:matrix_edition", args=(2,))).content.decode()
    assert "fees up to 300.00: Team lead" in edition


@time_machine.travel(AT, tick=False)
def test_the_editor_names_what_is_wrong_and_keeps_what_was_typed(staffed: None) -> None:
    refused = signed_in("dora").post(reverse("access:propose_matrix"), typed(effective_date="2026-06-01"))
    unread = signed_in("dora").post(reverse("access:propose_matrix"), typed(**{"line-0-up_to": "lots"}))

    assert "takes effect after today" in refused.content.decode()
    assert "Fewer waits." in refused.content.decode()
    assert "Enter a number." in unread.content.decode()
    assert not ApprovalRequest.objects.exists()


@time_machine.travel(AT, tick=False)
def test_the_preview_says_whom_a_request_would_need_under_what_is_typed(staffed: None) -> None:
    trial = {"sample_action": "bills.waive_late_fee", "sample_amount": "250.00", "sample_fees_only": "on"}

    def shown(**changes: str) -> str:
        return signed_in("dora").post(reverse("access:preview_matrix"), typed(**trial, **changes)).content.decode()

    today = signed_in("otto").get(reverse("access:authority"), trial).content.decode()

    assert "Leo Li" in shown()
    assert "Maya Ma" in today
    assert "Leo Li" not in today
    assert "too few people hold the role" in shown(**{"line-0-agree_director": "9"})


@time_machine.travel(AT, tick=False)
def test_the_api_shows_editions_and_takes_proposals(staffed: None) -> None:
    client = signed_in("dora")
    held = client.get("/api/authority/1/").json()
    rules = [
        rule | ({"up_to": "300.00"} if (rule["action"], rule["tier"]) == ("bills.waive_late_fee", "T1") else {})
        for rule in held["rules"]
    ]
    sent = held | {"base": 1, "effective_date": "2026-06-02", "note": "More", "reason": "Fewer waits.", "rules": rules}

    made = client.post("/api/authority/proposals/", sent, content_type="application/json")
    refused = client.post("/api/authority/proposals/", sent | {"base": 7}, content_type="application/json")
    trial = {"action": "bills.waive_late_fee", "amount": "250.00", "fees_only": "true"}
    needed = client.get("/api/authority/need/", trial).json()

    assert (made.status_code, refused.status_code) == (201, 409)
    assert ApprovalRequest.objects.get(reference=made.json()["reference"]).facts["lines_changed"] == 1
    assert needed == {"tier": "T2", "approvers": ["manager"], "in_order": False}
    assert signed_in("leo").post("/api/authority/proposals/", sent, content_type="application/json").status_code == 403


def test_a_proposal_from_before_lines_said_whether_several_go_at_once_is_read() -> None:
    draft = matrix.draft_of(AuthorityVersion.objects.latest("pk"))
    payload = matrix.as_payload(draft)
    for line in payload["lines"]:
        del line["in_bulk"]

    assert {line.tier.in_bulk for line in matrix.from_payload(payload).lines} == {False}
