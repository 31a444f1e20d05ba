"""The control dashboard: what it counts, on its page and over the API, and for whom."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from apps.access.actions import emergencies
from apps.access.domain.approval import RequestStatus
from apps.access.models import ApprovalRequest, AuthorityRule, User
from apps.access.queries import controls
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from tests.factories.access import AT, person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)


def request(status: str, at: dt.datetime) -> ApprovalRequest:
    made = ApprovalRequest.objects.create(
        reference=f"A-{ApprovalRequest.objects.count()}", action="bills.write_off", subject_type="bills.bill",
        subject_reference="B-1", amount=Decimal(1), counted_amount=Decimal(1), payload={}, facts={}, fingerprint="x",
        rule=AuthorityRule.objects.filter(action="bills.write_off").earliest("pk"), reason="Goodwill",
        made_by=person("anna"), made_at=at, expires_at=at + 7 * DAY,
    )  # fmt: skip
    if status != RequestStatus.REQUESTED:
        ApprovalRequest.objects.filter(pk=made.pk).update(status=status, decided_at=at)
    return made


def counted(at: dt.datetime = AT) -> dict[str, tuple[int, bool]]:
    return {figure.name: (figure.count, figure.is_well) for figure in controls.figures(at)}


def test_nothing_to_look_at_where_nothing_happened() -> None:
    assert {name for name, (count, is_well) in counted().items() if count or not is_well} <= {"unattributed"}


def test_every_control_counts_what_it_names() -> None:
    request("requested", AT - 4 * DAY)
    for status in ("expired", "void", "rejected"):
        request(status, AT - DAY)
        request(status, AT - 31 * DAY)
    for who in ("leo", "maya"):
        emergencies.take(role="treasury", hours=1, reason="Nobody is here", by=person(who), at=AT - 5 * DAY)
    emergencies.end_overdue(by=System("test"), at=AT)
    emergencies.take(role="treasury", hours=1, reason="Nobody is here", by=person("dora"), at=AT)
    person("theo")
    User.objects.filter(username="theo").update(is_active=False)
    with pytest.raises(Refused):
        emergencies.take(role="treasury", hours=99, reason="Nobody is here", by=person("leo"), at=AT)

    found = counted()

    expected = {
        "open": (1, False), "overdue": (0, True), "expired": (1, False), "void": (1, True), "rejected": (1, True),
        "emergencies_live": (1, False), "emergencies_unreviewed": (2, False), "emergencies_overdue": (2, False),
        "incompatible": (0, True), "left": (1, False), "delegated": (0, True),
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected


def test_a_controller_sees_them_on_the_page_and_over_the_api() -> None:
    with time_machine.travel(AT, tick=False):
        request("requested", AT - 4 * DAY)
        answers = {}
        for who in ("cora", "otto", "leo"):
            client = Client()
            client.force_login(person(who))
            answers[who] = client.get("/controls/").status_code, client.get("/api/controls/").status_code
            if who == "cora":
                page = client.get("/controls/").content.decode()
                sent = client.get("/api/controls/").json()

    assert answers == {"cora": (200, 200), "otto": (200, 200), "leo": (403, 403)}
    assert "look at it" in page
    assert sent["figures"][0] == {
        "name": "open", "label": "Open requests", "count": 1, "is_well": False, "hint": "The oldest: A-0",
    }  # fmt: skip
