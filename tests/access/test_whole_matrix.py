"""The whole authority matrix, generated: every role, every controlled action, every boundary, every way around it."""

import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from apps.access import registry
from apps.access.actions import approvals, delegations
from apps.access.actions.approvals import Subject
from apps.access.actions.delegations import Days
from apps.access.domain import approval, authority
from apps.access.domain.approval import Bar, Decider, Objection, RequestStatus, Standing, Verdict, Voice
from apps.access.domain.authority import Tier
from apps.access.domain.delegation import Scope
from apps.access.domain.permissions import Permission
from apps.access.domain.roles import SHIPPED, RoleCode
from apps.access.models import ApprovalDecision, ApprovalRequest, AuthorityVersion
from apps.audit.queries import trail
from apps.core.domain.refusal import Refused
from tests.factories import access
from tests.factories.access import AT, person

CENT = Decimal("0.01")
DAY = dt.timedelta(1)
ACTIONS = sorted(authority.SHIPPED)
HOLDERS = {role: username for username, (_name, role, _boss) in access.CAST.items()}
done: list[str] = []


def boundaries(tiers: tuple[Tier, ...]) -> list[Decimal]:
    """The least amount, every upper end, and a cent above each."""
    ends = [tier.up_to for tier in tiers if tier.up_to is not None]
    return sorted({CENT, *ends, *(end + CENT for end in ends), Decimal("9999999.99")})


def rule(tiers: tuple[Tier, ...], amount: Decimal, fees_only: bool) -> Tier:
    """What holds, said the other way round: of the tiers that may, that with the least upper end."""
    fitting = [t for t in tiers if (fees_only or not t.fees_only) and not (t.up_to is not None and t.up_to < amount)]
    return min(fitting, key=lambda tier: tier.up_to if tier.up_to is not None else Decimal("Infinity"))


CASES = [
    (action, amount, fees_only)
    for action in ACTIONS
    for amount in boundaries(authority.SHIPPED[action])
    for fees_only in (True, False)
]


@pytest.mark.parametrize("role", list(RoleCode))
def test_a_role_decides_just_where_the_matrix_names_it(role: RoleCode) -> None:
    wrong = []
    for action, amount, fees_only in CASES:
        tiers = authority.SHIPPED[action]
        found = authority.tier_for(tiers, amount, fees_only=fees_only)
        expected = rule(tiers, amount, fees_only)
        assert found is not None
        standing = Standing(RequestStatus.REQUESTED, 1, "C-1", found.approvers, action=action, amount=amount)
        said = approval.weigh(standing, Decider(2, (role,)))
        right = Voice(role) if role in expected.approvers else Bar(Objection.ROLE)
        if found != expected or said != right:
            wrong.append((action, amount, fees_only, found.code, said))

    assert wrong == []


def test_every_role_that_the_matrix_names_may_decide() -> None:
    named = {role for tiers in authority.SHIPPED.values() for tier in tiers for role in tier.approvers}

    assert [role for role in sorted(named) if Permission.APPROVAL_DECIDE not in SHIPPED[RoleCode(role)]] == []


@pytest.fixture
def stood_in() -> Iterator[dict[str, Any]]:
    """Every action of the shipped matrix with facts of ours, and an executor that says what it carried out."""
    before = dict(registry._controlled)
    facts: dict[str, Any] = {"open": "80.00"}
    done.clear()
    for action in ACTIONS:
        registry.controlled(
            action,
            label=action,
            facts=lambda payload: facts | {"fees_only": payload["fees_only"]},
            execute=lambda request, *, by, at: done.append(request.reference),
        )
    yield facts
    registry._controlled.clear()
    registry._controlled.update(before)


@pytest.fixture
def any_amount(stood_in: dict[str, Any], db: None) -> dict[str, Any]:
    AuthorityVersion.objects.update(maker_daily_limit=None, customer_daily_limit=None)
    return stood_in


def ask(action: str, amount: Decimal, *, by: str = "anna", customer: str = "C-1", at: dt.datetime = AT,
        fees_only: bool = True) -> ApprovalRequest:  # fmt: skip
    return approvals.request(
        action=action, subject=Subject("bills.bill", "B-1", customer), amount=amount, payload={"fees_only": fees_only},
        reason="Goodwill", by=person(by), at=at,
    )  # fmt: skip


def say(asked: ApprovalRequest, who: str, at: dt.datetime = AT) -> ApprovalRequest:
    return approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=person(who), at=at)


def told(asked: ApprovalRequest, who: str, at: dt.datetime = AT) -> str:
    """The sentence of the refusal, which the trail holds as it was said."""
    with pytest.raises(Refused) as refusal:
        say(asked, who, at)
    entry = trail.operations().filter(action="access.approvals.decide").order_by("-seq").first()
    assert entry is not None
    assert (entry.decision, entry.actor, entry.sentence) == ("deny", person(who).actor_id, refusal.value.sentence)
    return str(refusal.value.sentence)


def test_the_cast_decides_as_the_matrix_says_on_the_real_tables(any_amount: dict[str, Any]) -> None:
    """One request under each line; everybody tries, those whom it names last."""
    access.cast()
    for action in ACTIONS:
        for number, tier in enumerate(authority.SHIPPED[action]):
            made = ask(action, tier.up_to or Decimal("50000.00"), customer=f"{action}-{number}", fees_only=True)
            assert (made.rule.tier, made.rule.approvers) == (tier.code, [str(role) for role in tier.approvers])
            outside = next(role for role in RoleCode if role not in tier.approvers and role != RoleCode.AGENT)
            assert "The rule asks for" in told(made, HOLDERS[outside])
            for role in tier.approvers:
                assert made.reference not in done
                say(made, HOLDERS[role])
            assert done.count(made.reference) == 1
            assert "is no longer open: it is approved" in told(made, HOLDERS[tier.approvers[0]])


@pytest.mark.parametrize("action", ACTIONS)
def test_every_way_around_is_refused_with_its_sentence_and_recorded(action: str, any_amount: dict[str, Any]) -> None:
    tier = authority.SHIPPED[action][0]
    role, amount = tier.approvers[0], tier.up_to or Decimal("100.00")
    checker = HOLDERS[role]
    person("dirk", role="director")
    by_checker = ask(action, amount, by=checker, customer="C-2")
    assert told(by_checker, checker) == "Whoever made a request never decides it."

    person("sub", role=role, reports_to=person(checker))
    assert told(by_checker, "sub") == (
        f"You report to {person(checker).name}, who made this request, and so may not decide it."
    )

    person("own", role=role, customer_reference="C-3")
    assert told(ask(action, amount, customer="C-3"), "own") == "Nobody acts on their own account."

    person("deputy", role="team_lead")
    lent = {"role": role, "scope": Scope(), "reason": "Holiday", "by": person(checker), "at": AT}
    given = delegations.give(receiver=person("deputy"), days=Days(AT.date(), AT.date()), **lent)  # type: ignore[arg-type]
    assert told(by_checker, "deputy") == (
        f"You act for {person(checker).name}, who made this request, and so may not decide it."
    )

    late = ask(action, amount, customer="C-4")
    if role != "team_lead":
        assert told(late, "deputy", AT + DAY) == (
            f"Delegation {given.reference} of {person(checker).name} ended with {AT.date()}."
        )
    any_amount["open"] = "0.00"
    assert "have changed, so it is void" in told(late, checker)
    any_amount["open"] = "80.00"
    assert "it is void" in told(late, checker)
    assert "has expired" in told(ask(action, amount, customer="C-5"), checker, AT + approval.VALID)
    assert done == []


@pytest.mark.parametrize("action", [a for a in ACTIONS if len(authority.SHIPPED[a]) > 1])
def test_what_is_split_is_added_up_for_thirty_days(action: str, any_amount: dict[str, Any]) -> None:
    tiers = authority.SHIPPED[action]
    part = tiers[0].up_to
    assert part is not None

    found = [ask(action, amount, at=at).rule.tier for amount, at in [
        (part, AT), (CENT, AT + DAY), (CENT, AT + 30 * DAY),
    ]]  # fmt: skip
    elsewhere = ask(action, CENT, customer="C-2").rule.tier

    assert found == [tiers[0].code, tiers[1].code, tiers[0].code]
    assert elsewhere == tiers[0].code


def test_two_who_approve_at_once_carry_it_out_once(fresh_database: str, stood_in: dict[str, Any]) -> None:
    person("lena", role="team_lead")
    asked = ask("bills.write_off", Decimal("100.00"))
    person("leo")
    begun, refused = threading.Barrier(2), []

    def approve(who: str) -> None:
        begun.wait(10)
        try:
            say(asked, who)
        except Refused as refusal:
            refused.append(str(refusal.sentence))
        finally:
            connection.close()

    both = [threading.Thread(target=approve, args=(who,)) for who in ("leo", "lena")]
    for one in both:
        one.start()
    for one in both:
        one.join(20)

    assert done == [asked.reference]
    assert refused == [f"{asked.reference} is no longer open: it is approved."]
    assert ApprovalDecision.objects.count() == 1
    denied = trail.operations().filter(action="access.approvals.decide", decision="deny")
    assert [entry.sentence for entry in denied] == refused
