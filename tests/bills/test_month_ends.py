"""Month-ends: the classes kept are the domain's, an observation holds them, and they add up."""

import datetime as dt
import io
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.access.models import User
from apps.audit.models import Operation
from apps.bills.actions import month_ends
from apps.bills.domain import aging, observation
from apps.bills.domain.aging import FiveClass
from apps.bills.domain.observation import Agreement, Classes, Share, observed, of_days, worse
from apps.bills.models import Bill, BillSnapshot, ClassRollUp, MonthRollUp
from apps.bills.queries import observations, standing
from apps.closing.actions import days
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.bills.test_restructuring_actions import agree, ask, maker  # noqa: F401 - a fixture
from tests.factories import access

D = Decimal
Buy = Callable[..., Bill]
KEPT = ("month_end_date", "bill__reference", "days_past_due", "class_2023", "class_card", "stage")


def day(month: int, day_of_month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day_of_month)


def close_through(date: dt.date, at: dt.datetime = AT) -> None:
    days.close_through(date, partitions=1, by=BY, at=at)


def kept() -> list[tuple[object, ...]]:
    return list(BillSnapshot.objects.order_by("month_end_date", "bill").values_list(*KEPT))


def rolled_up() -> list[tuple[object, ...]]:
    by_class = ClassRollUp.objects.order_by("month_end_date", "bucket", "class_2023", "class_card", "stage")
    moves = MonthRollUp.objects.order_by("month_end_date", "from_bucket", "to_bucket")
    return [
        *by_class.values_list("month_end_date", "bucket", "class_2023", "class_card", "stage", "bills", "open_fees"),
        *moves.values_list("month_end_date", "from_bucket", "to_bucket", "bills", "balance_before", "balance"),
    ]


@pytest.mark.django_db
def test_the_statement_classifies_every_number_of_days_as_the_domain_does() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select days, (%(classes)s::text[])[1 + width_bucket(days, %(rule)s::integer[])],"
            " (%(classes)s::text[])[1 + width_bucket(days, %(card)s::integer[])],"
            " 1 + width_bucket(days, %(stages)s::integer[]) from generate_series(0, 1000) days order by days",
            {
                "classes": [each.value for each in FiveClass],
                "rule": aging.begin(aging.CLASS_2023),
                "card": aging.begin(aging.CARD_RULE),
                "stages": aging.begin(aging.STAGES),
            },
        )
        found = cursor.fetchall()

    assert found == [(n, *of_days(n)) for n in range(1001)]


dates = st.dates(day(1, 1), day(12, 31))


@given(
    agreed=st.lists(st.tuples(dates, st.integers(0, 400)), min_size=1, max_size=3),
    dues=st.lists(st.tuples(dates, st.none() | dates), max_size=5),
    on=dates,
)
def test_of_several_agreements_the_last_end_and_the_worst_floor_count(
    agreed: list[tuple[dt.date, int]], dues: list[tuple[dt.date, dt.date | None]], on: dt.date
) -> None:
    agreements = {key: Agreement(date, of_days(late)) for key, (date, late) in enumerate(agreed)}
    shares = [Share(due, met) for due, met in dues] + [Share(day(1, 1), day(1, 1), replaced_by=k) for k in agreements]
    demands = [observation.Demand(share.due_date, share.met_date) for share in shares]

    found = observation.of_bill(agreements, shares, on)

    each = [observed(*agreement, demands, on) for agreement in agreements.values()]
    running = [one for one in each if one]
    assert (found is None) == (not running)
    if found:
        assert found.end_date == max(one.end_date for one in running)
        assert all(worse(found.floor, one.floor) == found.floor for one in running)


def test_what_a_later_or_undone_agreement_made_is_not_looked_at() -> None:
    before = {1: Agreement(day(1, 31), of_days(0))}
    shares = [Share(day(1, 20), day(1, 31), replaced_by=1), Share(day(3, 1), day(5, 1), made_by=1, replaced_by=2)]

    found = observation.of_bill(before, [*shares, Share(day(12, 1, 2027), None, made_by=2)], day(4, 1))

    assert found == observation.of_bill(before, shares, day(4, 1))
    assert found is not None
    assert found.end_date == day(4, 1, 2027)  # late since 2 March, so it starts every day


def test_month_ends_keep_the_classes_that_an_observation_holds(
    customer: Customer,
    buy: Buy,
    maker: User,  # noqa: F811
) -> None:
    bill, free = buy("P1", day(4, 10), "1000.00"), buy("P2", day(5, 25), "50.00")
    close_through(day(5, 31))
    agree(ask(maker, customer, bill, first_due_date=day(9, 30)))
    close_through(day(7, 31), AT + dt.timedelta(90))

    assert kept() == [
        (day(4, 30), bill.reference, 0, "normal", "normal", 1),
        (day(5, 31), bill.reference, 21, "special_mention", "special_mention", 1),
        (day(5, 31), free.reference, 0, "normal", "normal", 1),
        (day(6, 30), bill.reference, 0, "special_mention", "special_mention", 2),
        (day(6, 30), free.reference, 6, "special_mention", "special_mention", 1),
        (day(7, 31), bill.reference, 0, "special_mention", "special_mention", 2),
        (day(7, 31), free.reference, 37, "special_mention", "special_mention", 2),
    ]
    for snapshot in BillSnapshot.objects.all():
        held = observations.of_bill(snapshot.bill, snapshot.month_end_date)
        days_alone = of_days(snapshot.days_past_due)
        classes = Classes(FiveClass(snapshot.class_2023), FiveClass(snapshot.class_card), snapshot.stage)
        assert classes == (worse(days_alone, held.floor) if held else days_alone)
    statement = standing.of(maker, customer, date=day(7, 31))
    assert [(line.lateness.days, line.lateness.stage) for line in statement.bills] == [(0, 2), (37, 2)]
    by_class = ClassRollUp.objects.filter(month_end_date=day(7, 31)).values_list("bucket", "stage", "bills")
    assert sorted(by_class) == [("M0", 2, 1), ("M2", 2, 1)]


def test_closed_month_ends_are_stated_anew_from_the_ledger(customer: Customer, buy: Buy, maker: User) -> None:  # noqa: F811
    bill = buy("P1", day(4, 10), "1000.00")
    buy("P2", day(4, 25), "50.00")
    close_through(day(5, 31))
    agree(ask(maker, customer, bill, first_due_date=day(9, 30)))
    close_through(day(6, 30), AT + dt.timedelta(90))
    before = kept(), rolled_up()
    BillSnapshot.objects.update(class_2023="loss", stage=1)
    MonthRollUp._base_manager.all().delete()
    ClassRollUp._base_manager.all().delete()
    printed = io.StringIO()

    call_command("restate_month_ends", "--json", stdout=printed)

    assert (kept(), rolled_up()) == before
    assert json.loads(printed.getvalue()) == {"month_ends": {"2026-04-30": 2, "2026-05-31": 2, "2026-06-30": 2}}
    assert Operation.objects.filter(action="bills.restate_month_end").count() == 3


def test_a_change_of_the_closed_past_moves_the_classes_too(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    close_through(day(7, 15))
    assert ClassRollUp.objects.get(month_end_date=day(6, 30)).stage == 2
    buy("P0", day(4, 1), "10.00")

    close_through(day(7, 16))

    found = ClassRollUp.objects.filter(month_end_date=day(6, 30)).aggregate(Sum("bills"))
    assert found == {"bills__sum": BillSnapshot.objects.filter(month_end_date=day(6, 30)).count()} == {"bills__sum": 2}


def test_nothing_is_stated_anew_while_a_day_is_closed(fresh_database: str) -> None:
    import threading

    held, done = threading.Event(), threading.Event()

    def close() -> None:
        with days.alone(by=BY, at=AT):
            held.set()
            done.wait(30)
        connection.close()

    closer = threading.Thread(target=close)
    closer.start()
    held.wait(30)

    with pytest.raises(Refused, match="closed by somebody else"):
        month_ends.restate_all(since=None, by=BY, at=AT)

    done.set()
    closer.join()


@pytest.mark.django_db
def test_month_ends_are_shown_listed_and_downloaded(client: Client, customer: Customer, buy: Buy) -> None:
    access.cast()
    client.force_login(access.person("maya"))
    assert "No month" in client.get(reverse("bills:month_ends")).content.decode()
    buy("P1", day(4, 10), "1000.00")
    close_through(day(6, 30))

    page = client.get(reverse("bills:month_ends")).content.decode()
    file = b"".join(client.get(reverse("bills:month_end_bills", args=[day(6, 30)])).streaming_content)  # type: ignore[attr-defined]
    found = client.get("/api/snapshots/", {"month_end_date": "2026-06-30", "stage": "2"}).json()["results"]

    assert "Special mention" in page
    assert file.decode("utf-8-sig").splitlines()[1].startswith("2026-06-30,B-P1,C-1,")
    assert [(row["bill"], row["class_card"], row["stage"]) for row in found] == [("B-P1", "special_mention", 2)]
    assert client.get("/api/class-roll-ups/").json()["results"][0]["bills"] == 1
    assert client.get("/api/month-roll-ups/").json()["results"][0]["to_bucket"] == "M2"
    assert "Special mention" in client.get(reverse("bills:bill", args=["B-P1"])).content.decode()
    assert client.get(reverse("bills:month_end", args=[day(6, 29)])).status_code == 404
