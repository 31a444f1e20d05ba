"""Deciding in somebody else's name: what may be given, what is decided under it, and when it is over."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from apps.access import registry
from apps.access.actions import approvals, delegations, staff
from apps.access.actions.approvals import Subject
from apps.access.actions.delegations import Days
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.domain.delegation import Scope
from apps.access.models import ApprovalRequest, Delegation, IncompatibleRoles, Role, RoleGrant, User
from apps.access.queries import delegations as queries
from apps.audit.queries import trail
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories import access
from tests.factories.access import AT, BOOTSTRAP, person

ACTION = "bills.write_off"
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 6, 1)
WEEK = Days(TODAY, TODAY + 6 * DAY)


@pytest.fixture(autouse=True)
def writing_off() -> Any:
    before = dict(registry._controlled)
    registry.controlled(
        ACTION, label="Write off", facts=lambda payload: {"fees_only": True}, execute=lambda request, *, by, at: None
    )
    yield
    registry._controlled.clear()
    registry._controlled.update(before)


def ask(amount: str = "100.00", *, by: str = "anna", customer: str = "C-1", at: dt.datetime = AT) -> ApprovalRequest:
    return approvals.request(
        action=ACTION, subject=Subject("bills.bill", "B-1", customer), amount=Decimal(amount), payload={},
        reason="Goodwill", by=person(by), at=at,
    )  # fmt: skip


def say(request: ApprovalRequest, who: str, at: dt.datetime = AT) -> ApprovalRequest:
    return approvals.decide(reference=request.reference, verdict=Verdict.APPROVE, by=person(who), at=at)


def give(
    giver: str = "leo",
    receiver: str = "maya",
    *,
    role: str = "team_lead",
    scope: Scope = Scope(),  # noqa: B008 - frozen
    days: Days = WEEK,
    reason: str = "Holiday",
) -> Delegation:
    return delegations.give(
        role=role, receiver=person(receiver), scope=scope, days=days, reason=reason, by=person(giver), at=AT
    )


def refusal(request: ApprovalRequest, who: str, at: dt.datetime = AT) -> str:
    with pytest.raises(Refused) as found:
        say(request, who, at)
    assert found.value.is_recorded
    return str(found.value.sentence)


@pytest.mark.django_db
def test_whoever_received_it_decides_in_the_giver_s_name_and_both_are_kept() -> None:
    made, given = ask(), give()

    decided = say(made, "maya")

    decision, entry = decided.decisions.get(), trail.operations().order_by("-seq").first()
    assert decided.status == RequestStatus.APPROVED
    assert (decision.decided_by, decision.on_behalf_of, decision.delegation, decision.role) == (
        person("maya"), person("leo"), given, "team_lead",
    )  # fmt: skip
    assert entry is not None
    assert (entry.actor, entry.on_behalf_of) == (person("maya").actor_id, person("leo").actor_id)
    assert entry.authority == f"rule:{ACTION}/T1@1 approval:{made.reference} delegation:{given.reference}"
    assert list(queries.decided_for(person("leo"))) == [decision]


@pytest.mark.django_db
def test_one_s_own_role_comes_first() -> None:
    give("leo", "maya")
    made = ask("1000.00")

    assert say(made, "maya").decisions.get().delegation is None


@pytest.mark.django_db
def test_a_person_and_whoever_acts_for_them_are_one_voice() -> None:
    give("dora", "maya", role="director")
    made = ask("20000.01")
    say(made, "dora")
    say(made, "maya")

    other = ask("20000.01", customer="C-2")
    give("maya", "rita", role="manager")
    say(other, "rita")

    assert refusal(made, "maya") == f"You have decided {made.reference} already; one person speaks once."
    assert refusal(other, "rita") == f"You have decided {other.reference} already; one person speaks once."
    person("lena", role="team_lead")
    give("dora", "lena", role="director")
    say(ask("5000.00", customer="C-3"), "dora")
    third = ApprovalRequest.objects.get(customer_reference="C-3")
    assert third.status == RequestStatus.REQUESTED
    assert refusal(third, "lena") == "Your role has agreed already; the rule asks for Director, Risk analyst."


@pytest.mark.django_db
def test_the_giver_s_word_given_by_another_is_the_giver_s() -> None:
    version = ask("20000.01").rule
    version.approvers = ["director", "director", "risk_analyst"]
    version.save()
    give("dora", "maya", role="director")
    made = ask("20000.01", customer="C-2")
    say(made, "maya")

    assert refusal(made, "dora") == f"You have decided {made.reference} already; one person speaks once."


@pytest.mark.django_db
def test_whoever_acts_for_the_maker_decides_nothing_of_theirs() -> None:
    give("leo", "maya")
    made = ask("1000.00", by="leo")

    assert refusal(made, "maya") == "You act for Leo Li, who made this request, and so may not decide it."


@pytest.mark.django_db
def test_what_keeps_the_giver_keeps_whoever_acts_for_them() -> None:
    person("lena", role="manager", reports_to=person("dora"))
    give("leo", "lena")
    by_boss, own = ask(by="maya"), ask(customer="C-9")
    person("leo", customer_reference="C-9")

    assert refusal(by_boss, "lena") == (
        "Leo Li, for whom you act, reports to Maya Ma, who made this request; nobody decides it in that name."
    )
    assert refusal(own, "lena") == "It is about the account of Leo Li, for whom you act."


@pytest.mark.django_db
def test_a_subordinate_of_the_maker_does_not_become_their_judge_by_delegation() -> None:
    person("olga", role="team_lead", reports_to=None)
    give("olga", "leo")
    made = ask(by="maya")

    assert refusal(made, "leo") == "You report to Maya Ma, who made this request, and so may not decide it."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(actions=frozenset({"bills.waive_late_fee"})), "Waive a late fee; every product; any amount"),
        (Scope(up_to=Decimal("99.99")), "every action; every product; up to 99.99"),
    ],
)
def test_what_it_does_not_cover_is_not_decided_under_it(scope: Scope, words: str) -> None:
    given, made = give(scope=scope), ask()

    assert refusal(made, "maya") == f"Delegation {given.reference} of Leo Li does not cover this: {words}."


@pytest.mark.django_db
def test_it_holds_on_its_days_alone() -> None:
    given = give(days=Days(TODAY + DAY, TODAY + 2 * DAY))
    made = ask()

    assert refusal(made, "maya") == f"Delegation {given.reference} of Leo Li begins on 2026-06-02."
    assert refusal(made, "maya", AT + 3 * DAY) == f"Delegation {given.reference} of Leo Li ended with 2026-06-03."
    assert say(made, "maya", AT + 2 * DAY).status == RequestStatus.APPROVED


@pytest.mark.django_db
def test_it_ends_when_either_says_so() -> None:
    given, made = give(), ask()

    with pytest.raises(Forbidden, match="Only whoever gave or received"):
        delegations.end(reference=given.reference, by=person("dora"), at=AT)
    delegations.end(reference=given.reference, by=person("leo"), at=AT)

    assert refusal(made, "maya") == f"Delegation {given.reference} of Leo Li was ended before its time."
    with pytest.raises(Refused, match="over already"):
        delegations.end(reference=given.reference, by=person("maya"), at=AT)


@pytest.mark.django_db
def test_it_ends_with_the_giver_s_role_for_good_and_with_the_giver() -> None:
    given, made = give(), ask()
    staff.revoke(user=person("leo"), role="team_lead", by=BOOTSTRAP, at=AT)
    staff.grant(user=person("leo"), role="team_lead", by=BOOTSTRAP, at=AT)
    lost = refusal(made, "maya")
    again = give()
    User.objects.filter(username="leo").update(is_active=False)

    assert lost == f"Leo Li lost the role Team lead, and with it delegation {given.reference} ended."
    assert refusal(made, "maya") == f"Leo Li works here no longer, so delegation {again.reference} is over."


@pytest.mark.django_db
def test_what_is_delegated_is_not_passed_on() -> None:
    give("leo", "maya")

    with pytest.raises(Forbidden, match="The role Team lead is delegated to you; what is delegated is not passed on"):
        give("maya", "dora")
    with pytest.raises(Forbidden, match="You do not hold the role Compliance"):
        give("maya", "dora", role="compliance")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"receiver": "leo"}, "Nobody delegates to themself."),
        ({"receiver": "anna"}, "Anna An lacks the permission “Decide approvals”."),
        ({"days": Days(TODAY - DAY, TODAY)}, "A delegation begins today or later."),
        ({"days": Days(TODAY, TODAY - DAY)}, "A delegation ends on its first day or later."),
        ({"days": Days(TODAY, TODAY + 92 * DAY)}, "A delegation lasts no longer than 92 days."),
        ({"scope": Scope(actions=frozenset({"x.y"}))}, "There is no controlled action “x.y”."),
        ({"scope": Scope(products=frozenset({"tin"}))}, "There is no product “tin”."),
        ({"scope": Scope(up_to=Decimal("0.00"))}, "An amount is above zero, or there is no limit."),
        ({"reason": "  "}, "A delegation needs a reason."),
        (
            {"giver": "dora", "receiver": "rita", "role": "director"},
            "Rita Rong holds the role Risk analyst, which may not meet Director in one person.",
        ),
    ],
)
def test_what_may_not_be_given_is_told_why(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as found:
        give(**changes)

    assert found.value.sentence == sentence


@pytest.mark.django_db
def test_somebody_who_left_receives_nothing() -> None:
    person("maya", is_active=False)

    with pytest.raises(Refused, match="Maya Ma works here no longer"):
        give()


@pytest.mark.django_db
def test_two_do_not_overlap_not_even_in_raw_rows() -> None:
    given = give()

    with pytest.raises(Refused, match=f"Maya Ma acts for you on these days already: {given.reference}"):
        give(days=Days(WEEK.last, WEEK.last + DAY))
    with pytest.raises(IntegrityError, match="access_delegation_no_overlap"):
        Delegation.objects.create(
            reference="D-X", grant=given.grant, receiver=given.receiver, start_date=WEEK.last,
            end_date=WEEK.last + DAY, reason="Twice", made_at=AT,
        )  # fmt: skip


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


@pytest.mark.django_db
@time_machine.travel(AT, tick=False)
def test_a_delegation_from_its_form_to_the_decision_under_it() -> None:
    leo, maya, made = signed_in("leo"), signed_in("maya"), ask()
    typed = {
        "role": "team_lead", "receiver": person("maya").pk, "first_date": "2026-06-01", "last_date": "2026-06-07",
        "reason": "Holiday",
    }  # fmt: skip

    assert "Maya Ma (maya)" in leo.get("/delegations/new").content.decode()
    assert "is not a date" in leo.post("/delegations/new", {**typed, "last_date": "soon"}).content.decode()
    given = leo.post("/delegations/new", typed, follow=True)
    assert "Maya Ma for Leo Li" in given.content.decode()
    assert "You decide for" in maya.get("/").content.decode()
    assert [row[0].reference for row in maya.get("/approvals/?scope=mine").context["rows"]] == [made.reference]
    assert "You decide for Leo Li." in maya.get(f"/approvals/{made.reference}/").content.decode()
    decided = maya.post(f"/approvals/{made.reference}/decide", {"verdict": "approve"}, follow=True).content.decode()
    reference = given.context["delegation"].reference

    assert f"Maya Ma for Leo Li ({reference})" in decided
    assert "Decided in your name" in leo.get("/delegations/").content.decode()
    assert made.reference in leo.get(f"/delegations/{reference}/").content.decode()
    ended = leo.post(f"/delegations/{reference}/end", follow=True).content.decode()
    assert "ended early" in ended


@pytest.mark.django_db
@time_machine.travel(AT, tick=False)
def test_a_delegation_over_the_api() -> None:
    client = signed_in("leo")
    sent = {
        "role": "team_lead", "receiver": "maya", "first_date": "2026-06-01", "last_date": "2026-06-07",
        "up_to": "150.00", "reason": "Holiday",
    }  # fmt: skip

    made = client.post("/api/delegations/", sent, content_type="application/json")
    again = client.post("/api/delegations/", sent, content_type="application/json")
    seen = signed_in("maya").get("/api/delegations/").json()["results"]
    ended = client.post(f"/api/delegations/{made.json()['reference']}/end/")

    assert (made.status_code, again.status_code, again.json()["code"]) == (201, 409, "overlap")
    assert seen == [made.json()]
    assert (seen[0]["giver"], seen[0]["state"], seen[0]["up_to"]) == ("leo", "holds", "150.00")
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")


@pytest.mark.django_db
def test_whoever_has_no_part_in_it_sees_it_with_the_permission_alone() -> None:
    given = give()
    person("rosa", role="risk_analyst")

    seen = {who: signed_in(who).get(f"/delegations/{given.reference}/").status_code for who in ("dora", "rosa", "anna")}

    assert seen == {"dora": 200, "rosa": 404, "anna": 403}


@pytest.mark.django_db
def test_incompatible_roles_meet_in_nobody_not_by_raw_rows_and_not_by_delegation() -> None:
    lent = give("dora", "maya", role="director")
    grant = RoleGrant.objects.get(user=person("dora"), role__code="director")
    days: dict[str, Any] = {"start_date": TODAY, "end_date": TODAY + DAY, "reason": "Raw", "made_at": AT}

    with pytest.raises(Refused, match="Maya Ma holds the role Director, which may not meet Risk analyst in one person"):
        staff.grant(user=person("maya"), role="risk_analyst", by=BOOTSTRAP, at=AT)
    writes: list[tuple[Callable[[], Any], str]] = [
        (lambda: access.give(person("maya"), "risk_analyst"), "director and risk_analyst"),
        (lambda: access.give(person("anna"), "auditor"), "agent and auditor"),
        (
            lambda: Delegation.objects.create(reference="D-X", grant=grant, receiver=person("rita"), **days),
            "director and risk_analyst",
        ),
        (
            lambda: IncompatibleRoles.objects.create(
                first=Role.objects.get(code="team_lead"),
                second=access.give(person("cora"), "team_lead").user.grants.get(role__code="compliance").role,
            ),
            "compliance and team_lead",
        ),
    ]
    for write, names in writes:
        with pytest.raises(IntegrityError, match=f"the roles {names} may not meet"), transaction.atomic():
            write()
    with pytest.raises(IntegrityError, match="or to themself"), transaction.atomic():
        Delegation.objects.create(reference="D-X", grant=grant, receiver=person("dora"), **days)
    delegations.end(reference=lent.reference, by=person("maya"), at=AT)
    assert staff.grant(user=person("maya"), role="risk_analyst", by=BOOTSTRAP, at=AT).pk


def test_two_who_make_one_person_incompatible_at_once_wait_for_each_other(fresh_database: str) -> None:
    somebody = person("nora", role="senior_agent")
    refused: list[str] = []
    begun = threading.Barrier(2)

    def grant(role: str) -> None:
        begun.wait(10)
        try:
            RoleGrant.objects.create(user=somebody, role=Role.objects.get(code=role), granted_at=AT, granted_by="x:y")
        except IntegrityError as error:
            refused.append(str(error))
        finally:
            connection.close()

    writers = [threading.Thread(target=grant, args=(role,)) for role in ("director", "risk_analyst")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)

    assert len(refused) == 1
    assert "may not meet" in refused[0]
