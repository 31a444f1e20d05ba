"""Controlled actions: the rule that is found, who may decide, and that the last yes carries it out once."""

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection

from apps.access import registry, tasks
from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models import ApprovalRequest, AuthorityRule, AuthorityVersion, Team, User
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories import access
from tests.factories.access import AT, person

ACTION = "bills.write_off"
DAY = dt.timedelta(days=1)
FACTS = {"open_fees": "80.00"}


@pytest.fixture(autouse=True)
def writing_off() -> Any:
    """The shipped matrix rules write-offs, which here make a team of the request's reference."""
    before = dict(registry._controlled)
    facts = dict(FACTS)

    def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> None:
        if request.payload.get("fails"):
            raise Refused("There is less to write off than that.", code="above_owed")
        Team.objects.create(code=request.reference.lower(), name="Written off")

    registry.controlled(
        ACTION,
        label="Write off",
        facts=lambda payload: facts | {"fees_only": payload.get("fees", True)},
        execute=execute,
    )
    yield facts
    registry._controlled.clear()
    registry._controlled.update(before)


def ask(
    amount: str, *, by: str | User = "anna", at: dt.datetime = AT, customer: str = "C-1", **payload: object
) -> ApprovalRequest:
    return approvals.request(
        action=ACTION,
        subject=Subject("bills.bill", "B-1", customer),
        amount=Decimal(amount),
        payload=payload,
        reason="Goodwill",
        by=person(by) if isinstance(by, str) else by,
        at=at,
    )


def say(
    request: ApprovalRequest, who: str, verdict: Verdict = Verdict.APPROVE, reason: str = "", at: dt.datetime = AT
) -> ApprovalRequest:
    return approvals.decide(reference=request.reference, verdict=verdict, reason=reason, by=person(who), at=at)


def executed(request: ApprovalRequest) -> bool:
    return Team.objects.filter(code=request.reference.lower()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "fees", "tier", "approvers"),
    [
        ("0.01", True, "T1", ["team_lead"]),
        ("200.00", True, "T1", ["team_lead"]),
        ("200.01", True, "T2", ["manager"]),
        ("2000.00", True, "T2", ["manager"]),
        ("2000.01", True, "T3", ["director", "risk_analyst"]),
        ("20000.00", True, "T3", ["director", "risk_analyst"]),
        ("20000.01", True, "T4", ["director", "risk_analyst", "manager"]),
        ("0.01", False, "T3", ["director", "risk_analyst"]),
        ("20000.01", False, "T4", ["director", "risk_analyst", "manager"]),
    ],
)
def test_the_amount_and_what_it_touches_find_the_rule(amount: str, fees: bool, tier: str, approvers: list[str]) -> None:
    made = ask(amount, fees=fees)

    assert (made.rule.tier, made.rule.approvers) == (tier, approvers)


@pytest.mark.django_db
def test_the_one_whom_the_rule_names_agrees_and_it_is_done() -> None:
    made = ask("100.00")

    decided = say(made, "leo")

    assert (decided.status, executed(made)) == (RequestStatus.APPROVED, True)
    assert list(made.decisions.values_list("decided_by__username", "role", "verdict")) == [
        ("leo", "team_lead", "approve")
    ]


@pytest.mark.django_db
def test_a_joint_rule_waits_for_everybody() -> None:
    made = ask("5000.00")

    after_one = say(made, "dora").status, executed(made)
    after_two = say(made, "rita").status, executed(made)

    assert [after_one, after_two] == [(RequestStatus.REQUESTED, False), (RequestStatus.APPROVED, True)]


@pytest.mark.django_db
def test_a_committee_is_three_different_people() -> None:
    made = ask("20000.01")
    access.give(person("dora"), "manager")

    say(made, "dora")
    with pytest.raises(Refused, match="one person speaks once"):
        say(made, "dora")
    say(made, "rita")
    assert say(made, "maya").status == RequestStatus.APPROVED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("maker", "decider", "sentence"),
    [
        ("leo", "leo", "Whoever made a request never decides it."),
        ("maya", "leo", "You report to Maya Ma, who made this request, and so may not decide it."),
        ("dora", "leo", "You report to Dora Ding, who made this request, and so may not decide it."),
        ("anna", "maya", "The rule asks for Team lead; you hold none of these roles."),
        ("anna", "otto", "The rule asks for Team lead; you hold none of these roles."),
    ],
)
def test_who_may_not_decide_is_told_why(maker: str, decider: str, sentence: str) -> None:
    made = ask("100.00", by=maker)

    with pytest.raises(Forbidden) as refusal:
        say(made, decider)

    assert refusal.value.sentence == sentence
    assert (ApprovalRequest.objects.get(pk=made.pk).status, executed(made)) == (RequestStatus.REQUESTED, False)


@pytest.mark.django_db
def test_nobody_decides_on_their_own_account() -> None:
    made = ask("100.00")
    person("leo", customer_reference="C-1")

    with pytest.raises(Forbidden, match="Nobody acts on their own account"):
        say(made, "leo")


@pytest.mark.django_db
def test_nobody_asks_on_their_own_account() -> None:
    person("anna", customer_reference="C-1")

    with pytest.raises(Forbidden, match="Nobody acts on their own account"):
        ask("100.00")


@pytest.mark.django_db
def test_a_role_that_agreed_is_not_asked_again() -> None:
    made = ask("5000.00")
    person("rolf", role="risk_analyst")
    say(made, "rita")

    with pytest.raises(Refused, match="Your role has agreed already"):
        say(made, "rolf")


@pytest.mark.django_db
def test_what_is_decided_stays_decided() -> None:
    made = ask("100.00")
    say(made, "leo")
    person("lena", role="team_lead")

    with pytest.raises(Refused, match=f"{made.reference} is no longer open: it is approved"):
        say(made, "lena", Verdict.REJECT, "Too late")


@pytest.mark.django_db
def test_a_rejection_needs_its_reason_and_is_kept() -> None:
    made = ask("100.00")

    with pytest.raises(Refused, match="A rejection needs a reason"):
        say(made, "leo", Verdict.REJECT, "  ")
    rejected = say(made, "leo", Verdict.REJECT, "Not our fault")

    assert (rejected.status, executed(made)) == (RequestStatus.REJECTED, False)
    assert made.decisions.get().reason == "Not our fault"


@pytest.mark.django_db
def test_one_no_ends_a_joint_request() -> None:
    made = ask("5000.00")
    say(made, "dora")

    assert say(made, "rita", Verdict.REJECT, "The model disagrees").status == RequestStatus.REJECTED


@pytest.mark.django_db
def test_a_request_that_nobody_decided_expires_for_good() -> None:
    made = ask("100.00")

    with pytest.raises(Refused, match="has expired"):
        say(made, "leo", at=made.expires_at)

    assert (ApprovalRequest.objects.get(pk=made.pk).status, executed(made)) == (RequestStatus.EXPIRED, False)


@pytest.mark.django_db
def test_expiry_takes_what_is_due_and_nothing_else() -> None:
    old, young = ask("10.00"), ask("10.00", at=AT + DAY)

    with time_machine.travel(old.expires_at, tick=False):
        ended = tasks.expire_requests()

    assert ended == 1
    assert [ApprovalRequest.objects.get(pk=made.pk).status for made in (old, young)] == ["expired", "requested"]


@pytest.mark.django_db
def test_changed_facts_make_a_request_void_for_good(writing_off: dict[str, str]) -> None:
    made = ask("100.00")
    writing_off["open_fees"] = "0.00"

    with pytest.raises(Refused, match="have changed, so it is void"):
        say(made, "leo")
    writing_off.update(FACTS)
    with pytest.raises(Refused, match="it is void"):
        say(made, "leo")

    assert not executed(made)


@pytest.mark.django_db
def test_the_second_of_two_sees_changed_facts_too(writing_off: dict[str, str]) -> None:
    made = ask("5000.00")
    say(made, "dora")
    writing_off["open_fees"] = "0.00"

    with pytest.raises(Refused, match="void"):
        say(made, "rita")


@pytest.mark.django_db
def test_an_executor_that_refuses_undoes_the_approval() -> None:
    made = ask("100.00", fails=True)

    with pytest.raises(Refused, match="less to write off"):
        say(made, "leo")

    assert (ApprovalRequest.objects.get(pk=made.pk).status, made.decisions.count()) == (RequestStatus.REQUESTED, 0)


@pytest.mark.django_db
def test_only_the_maker_withdraws_and_only_what_is_open() -> None:
    made = ask("100.00")

    with pytest.raises(Forbidden, match="Only whoever made a request"):
        approvals.withdraw(reference=made.reference, by=person("leo"), at=AT)
    assert approvals.withdraw(reference=made.reference, by=person("anna"), at=AT).status == RequestStatus.WITHDRAWN
    with pytest.raises(Refused, match="it is withdrawn"):
        say(made, "leo")


@pytest.mark.django_db
def test_split_amounts_are_added_up_over_thirty_days() -> None:
    first = ask("150.00")
    second = ask("150.00", at=AT + 29 * DAY)
    third = ask("150.00", at=AT + 30 * DAY)

    assert [(r.rule.tier, r.counted_amount) for r in (first, second, third)] == [
        ("T1", Decimal("150.00")),
        ("T2", Decimal("300.00")),
        ("T2", Decimal("300.00")),  # the first is thirty days old and no longer counts
    ]


@pytest.mark.django_db
def test_what_others_asked_and_what_was_refused_is_not_added_up() -> None:
    rejected = ask("150.00")
    say(rejected, "leo", Verdict.REJECT, "No")
    ask("150.00", by="sena")
    ask("150.00", customer="C-2")

    assert ask("150.00").rule.tier == "T1"


@pytest.mark.django_db
def test_a_day_has_a_limit_for_the_maker_and_for_the_customer() -> None:
    AuthorityVersion.objects.update(maker_daily_limit=Decimal("500.00"), customer_daily_limit=Decimal("300.00"))
    ask("200.00")

    with pytest.raises(Refused, match=r"No more than 300.00 a day is asked for one customer"):
        ask("100.01", by="sena")
    ask("250.00", customer="C-2")
    with pytest.raises(Refused, match=r"One person asks for no more than 500.00 a day"):
        ask("50.01", customer="C-3")
    assert ask("200.00", at=AT + DAY).status == RequestStatus.REQUESTED


@pytest.mark.django_db
def test_the_matrix_in_force_on_the_day_rules() -> None:
    later = AuthorityVersion.objects.create(number=2, effective_date=(AT + 10 * DAY).date(), note="Stricter")
    AuthorityRule.objects.create(version=later, action=ACTION, tier="T1", up_to=None, approvers=["director"])

    before, after = ask("100.00"), ask("100.00", at=AT + 10 * DAY)

    assert [r.rule.version.number for r in (before, after)] == [1, 2]


@pytest.mark.django_db
def test_an_action_without_a_rule_is_refused() -> None:
    AuthorityVersion.objects.create(number=2, effective_date=AT.date(), note="Empty")

    with pytest.raises(Refused, match="no rule for this action"):
        ask("100.00")


@pytest.mark.django_db
def test_a_request_says_why() -> None:
    with pytest.raises(Refused, match="needs a reason"):
        approvals.request(
            action=ACTION, subject=Subject("bills.bill", "B-1"), amount=Decimal(1), payload={}, reason=" ",
            by=person("anna"), at=AT,
        )  # fmt: skip


@pytest.mark.django_db
def test_the_trail_cites_the_rule_and_the_approval() -> None:
    made = ask("100.00")
    say(made, "leo")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, decision, authority FROM audit.operation"
            " WHERE action LIKE 'access.approvals.%' ORDER BY seq"
        )
        found = cursor.fetchall()

    authority = f"rule:{ACTION}/T1@1 approval:{made.reference}"
    assert found == [
        ("access.approvals.request", "allow", authority),
        ("access.approvals.decide", "allow", authority),
    ]


@pytest.mark.django_db
def test_a_refused_decision_is_in_the_trail() -> None:
    made = ask("100.00", by="leo")
    with pytest.raises(Forbidden):
        say(made, "leo")

    with connection.cursor() as cursor:
        cursor.execute("SELECT decision, sentence FROM audit.operation WHERE action = 'access.approvals.decide'")
        assert cursor.fetchall() == [("deny", "Whoever made a request never decides it.")]


def test_two_who_approve_at_once_carry_it_out_once(fresh_database: str) -> None:
    made = ask("100.00")
    for username in ("leo", "lena"):
        person(username, role="team_lead")
    start, answers = threading.Barrier(2), []

    def approve(who: str) -> None:
        start.wait()
        try:
            say(made, who)
            answers.append("approved")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(who,)) for who in ("leo", "lena")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["approved", "decided"]
    assert (made.decisions.count(), Team.objects.filter(code=made.reference.lower()).count()) == (1, 1)
