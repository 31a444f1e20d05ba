"""The pages of the work of collecting."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.access.models import Team
from apps.cases.models import Case, Contact, Promise
from apps.cases.queries import pictures, strategies, worklist
from tests.cases.conftest import NOON, TODAY
from tests.factories import access
from tests.factories import cases as factory
from tests.factories.customers import customer, reachable

pytestmark = pytest.mark.django_db
D = Decimal
DAY = dt.timedelta(1)
CALL = {"outcome": "no_answer", "note": "Rang out."}
PROMISE = {"outcome": "promise", "promised_amount": "600.00", "promised_date": "2026-05-20", "note": "On pay day."}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Noon of the business date in Shanghai, when customers may be called."""
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def read(client: Client, name: str, *words: object, **query: str) -> str:
    answer = client.get(reverse(name, args=words), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_worklist_begins_with_ones_own_queue_and_says_why_a_case_stands_where_it_stands(case: Case) -> None:
    factory.task(case, due_date=TODAY)
    factory.case(customer(reference="C-2"), queue="managers", stage="legal")

    page = read(signed_in("anna"), "cases:worklist")

    assert (case.reference in page, "K-C-2-1" in page) == (True, False)
    assert "task due 2026-05-11" in page
    assert "never contacted" in page
    assert "60 %" in page  # of what is overdue, expected at five days past due


def test_the_worklist_is_filtered_by_stage_amount_and_owner(case: Case) -> None:
    leo = access.person("leo")
    team = Team.objects.create(code="one", name="One")
    anna = access.person("anna", team=team)
    access.person("bo", team=team)
    factory.case(customer(reference="C-2"), stage="legal", overdue_amount=D("9000.00"), owner=leo)
    factory.case(customer(reference="C-3"), owner=access.person("bo"))
    factory.case(customer(reference="C-4"), owner=anna)
    factory.task(case, due_date=TODAY)
    client = signed_in("anna")

    def seen(**query: str) -> list[str]:
        page = read(client, "cases:worklist", **{"queue": "", **query})
        return [name for name in ("K-C-1-1", "K-C-2-1", "K-C-3-1", "K-C-4-1") if name in page]

    assert seen() == ["K-C-1-1", "K-C-2-1", "K-C-3-1", "K-C-4-1"]
    assert seen(stage="legal") == ["K-C-2-1"]
    assert seen(overdue_from="8999.99") == ["K-C-2-1"]
    assert seen(task="open") == ["K-C-1-1"]
    assert seen(scope="mine") == ["K-C-4-1"]
    assert seen(scope="team") == ["K-C-3-1", "K-C-4-1"]
    assert seen(scope="unowned") == ["K-C-1-1"]


def test_pages_of_the_worklist_lead_forth_and_back(closed_until_yesterday: None) -> None:
    for number, value in enumerate((10, 30, 30, 20)):
        factory.case(customer(reference=f"C-{number}"), priority=value)
    found = worklist.open_cases(access.person("anna"))

    first = worklist.page(found, TODAY, size=2)
    second = worklist.page(found, TODAY, after=worklist.key(first.older), size=2)
    back = worklist.page(found, TODAY, before=worklist.key(second.newer), size=2)

    assert [row.case.customer.reference for row in (*first.rows, *second.rows)] == ["C-1", "C-2", "C-3", "C-0"]
    assert [row.case for row in back.rows] == [row.case for row in first.rows]
    assert (second.older, back.newer) == (None, None)


def test_taking_the_next_opens_the_case_that_is_most_worth_it(case: Case) -> None:
    other = factory.case(customer(reference="C-2"), priority=999)
    for one in (case, other):
        factory.task(one, due_date=TODAY)

    answer = signed_in("anna").post(reverse("cases:take_next"), {"queue": "agents"})

    assert answer["Location"] == reverse("cases:case", args=(other.reference,))
    other.refresh_from_db()
    assert other.owner == access.person("anna")


def test_where_nothing_waits_one_is_told_so(case: Case) -> None:
    answer = signed_in("anna").post(reverse("cases:take_next"), {"queue": "agents"}, follow=True)

    assert "No task is waiting in this queue." in answer.content.decode()


def test_a_case_shows_who_owes_what_and_whether_they_may_be_called(case: Case) -> None:
    page = read(signed_in("anna"), "cases:case", case.reference)

    assert "1,000.00" in page
    assert "B-P" in page
    assert "WeChat and QQ" in page  # the next step
    assert 'badge tone-good"><svg' in page  # may be contacted
    assert 'name="outcome"' in page


def test_a_call_is_recorded_and_seen_in_the_history(case: Case) -> None:
    answer = signed_in("anna").post(reverse("cases:record_contact", args=(case.reference,)), PROMISE, follow=True)

    page = answer.content.decode()
    assert "The call is recorded." in page
    assert "Telephone call: Promise to pay · 600.00 by 2026-05-20" in page
    assert "On pay day." in page
    promise = Promise.objects.get()
    assert (promise.amount, promise.promised_date) == (D("600.00"), dt.date(2026, 5, 20))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outcome": ""}, "This field is required."),
        ({"outcome": "shouted"}, "Select a valid choice."),
        ({"promised_amount": ""}, "A promise names an amount."),
        ({"promised_date": ""}, "A promise names a date."),
        ({"promised_amount": "1.005"}, "1.005 has more than two decimals."),
        ({"promised_amount": "1000.01"}, "1000.01 is more than the 1000.00 that is owed."),
        ({"promised_date": "2026-05-10"}, "2026-05-10 is in the past"),
        ({"promised_date": "2026-06-11"}, "A promise is for 30 days ahead at most."),
        ({"outcome": "no_answer"}, "This belongs to the outcome “Promise to pay”."),
        ({"note": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_in_the_form(case: Case, change: dict[str, str], sentence: str) -> None:
    answer = signed_in("anna").post(reverse("cases:record_contact", args=(case.reference,)), PROMISE | change)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Contact.objects.count() == 0


def test_a_call_at_night_is_refused_with_the_gates_sentence(case: Case) -> None:
    anna = signed_in("anna")

    with time_machine.travel(dt.datetime(2026, 5, 10, 15, tzinfo=dt.UTC), tick=False):  # 23:00 in Shanghai
        answer = anna.post(reverse("cases:record_contact", args=(case.reference,)), CALL)

    page = answer.content.decode()
    assert "The customer may not be called: It is between 22:00 and 08:00 where the customer lives." in page
    assert "Rang out." in page  # nothing typed is lost
    assert Contact.objects.count() == 0


def test_a_lead_assigns_a_case_and_frees_it_again(case: Case) -> None:
    leo, anna = signed_in("leo"), access.person("anna")
    address = reverse("cases:assign", args=(case.reference,))

    given = leo.post(address, {"owner": anna.pk}, follow=True)
    case.refresh_from_db()
    owner = case.owner
    freed = leo.post(address, {"owner": ""}, follow=True)
    case.refresh_from_db()

    assert "The case belongs to Anna An now." in given.content.decode()
    assert "The case is free." in freed.content.decode()
    assert (owner, case.owner) == (anna, None)


def test_who_does_not_work_on_cases_is_no_choice(case: Case) -> None:
    otto = access.person("otto")

    answer = signed_in("leo").post(reverse("cases:assign", args=(case.reference,)), {"owner": otto.pk})

    assert "not one of the available choices" in answer.content.decode()


def test_the_team_page_counts_what_lies_with_whom(case: Case) -> None:
    anna = access.person("anna")
    mine = factory.case(customer(reference="C-2"), owner=anna)
    factory.task(mine, owner=anna, due_date=TODAY)
    factory.contact(mine, recorded_by=anna, contacted_date=TODAY)
    factory.task(case, due_date=TODAY)

    page = read(signed_in("leo"), "cases:team")

    assert "Anna An" in page
    assert "queue=agents&amp;scope=unowned" in page


def test_a_strategy_is_a_table_and_a_picture(case: Case) -> None:
    page = read(signed_in("leo"), "cases:strategy", "baitiao-standard", 1)

    assert "<svg" in page
    assert "once, on entry" in page
    assert page.count("<circle") == 12


def test_the_picture_keeps_the_order_of_the_days(case: Case) -> None:
    drawn = pictures.of(strategies.rules_of(case.strategy))

    marks = sorted((mark.day, mark.x) for lane in drawn.lanes for mark in lane.marks)
    assert [x for _, x in marks] == sorted(x for _, x in marks)
    assert all(0 <= x <= drawn.width for _, x in marks)


@pytest.mark.parametrize(
    ("username", "name", "words"),
    [
        ("theo", "cases:worklist", ()),
        ("theo", "cases:take_next", ()),
        ("adam", "cases:case", ("K-C-1-1",)),
        ("otto", "cases:record_contact", ("K-C-1-1",)),
        ("anna", "cases:assign", ("K-C-1-1",)),
        ("anna", "cases:team", ()),
        ("anna", "cases:strategies", ()),
        ("anna", "cases:strategy", ("baitiao-standard", 1)),
    ],
)
def test_who_lacks_the_permission_is_told_which(
    case: Case, username: str, name: str, words: tuple[object, ...]
) -> None:
    answer = signed_in(username).post(reverse(name, args=words), {**CALL, "owner": "", "queue": "agents"})

    assert answer.status_code == 403
    assert "You need the permission" in answer.content.decode()
    assert Contact.objects.count() == 0


def test_what_is_unknown_is_not_found(case: Case) -> None:
    leo = signed_in("leo")

    assert leo.get(reverse("cases:case", args=("K-nobody-1",))).status_code == 404
    assert leo.get(reverse("cases:strategy", args=("nothing", 1))).status_code == 404


@pytest.mark.parametrize("name", ["cases:worklist", "cases:team"])
def test_a_page_asks_no_more_of_the_database_for_more_cases(closed_until_yesterday: None, name: str) -> None:
    leo = signed_in("leo")
    questions = []
    for number in range(3):
        made = factory.case(reachable(reference=f"C-{number}"))
        factory.task(made, due_date=TODAY)
        factory.promise(made, "100.00", TODAY)
        with CaptureQueriesContext(connection) as asked:
            read(leo, name)
        questions.append(len(asked))

    assert questions[0] == questions[2]


def test_a_case_asks_no_more_of_the_database_for_a_longer_history(case: Case) -> None:
    anna = signed_in("anna")
    questions = []
    for number in range(3):
        task = factory.task(case, due_date=TODAY - number * DAY, status="done", done_at=NOON, done_by="user:1")
        factory.contact(case, task=task)
        with CaptureQueriesContext(connection) as asked:
            read(anna, "cases:case", case.reference)
        questions.append(len(asked))

    assert questions[0] == questions[2]


def test_the_search_box_leads_to_a_case(case: Case) -> None:
    assert signed_in("anna").get("/find", {"q": "k-c-1-1"})["Location"] == "/cases/K-C-1-1/"


def test_home_counts_what_waits(case: Case) -> None:
    factory.task(case, due_date=TODAY)

    page = signed_in("anna").get("/").content.decode()

    assert "Task waiting in your queues" in page
