"""An erasure takes the values and leaves the proofs."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connections, transaction
from django.db.utils import IntegrityError

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.audit import actions as audit
from apps.audit.actions import sealing
from apps.audit.models import Change, Operation
from apps.audit.queries import erasure as beside
from apps.audit.queries import seal_faults
from apps.bills.domain.pauses import PauseReason
from apps.bills.models import Pause
from apps.cases.models import Contact
from apps.core.domain.refusal import Refused
from apps.customers.actions import contact_points, erasure
from apps.customers.domain.contact import ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.customers.queries import erasure as queries
from tests.audit.conftest import AT, BY
from tests.factories import access, cases

MARKS = ("Amber Fig", "13900001111", "Lost the job", "Her son is ill")
LONG_AGO = dt.datetime(2015, 6, 1, 4, tzinfo=dt.UTC)


def kept_beside_the_trail() -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT concat(old, new) FROM audit.personal")
        texts = [text for (text,) in cursor.fetchall()]
    return [mark for mark in MARKS if any(mark in text for text in texts)]


def seal() -> None:
    sealing.seal(by=BY, at=AT)


@pytest.fixture
def customer(sealed_book: str) -> Customer:
    with audit.operation("customers.add", by=BY, at=AT):
        found = Customer.objects.create(reference="C-1", name=MARKS[0], joined_date=dt.date(2015, 1, 1))
    contact_points.add(customer=found, kind=ContactKind.PHONE, value=MARKS[1], by=BY, at=AT)
    with audit.operation("bills.begin_pause", by=BY, at=AT):
        Pause.objects.create(
            reference="PA-1", customer=found, reason=PauseReason.HARDSHIP, start_date=AT.date(), note=MARKS[2],
            begun_at=AT, begun_by="test",
        )  # fmt: skip
    with audit.operation("test.collect", by=BY, at=AT):
        case = cases.case(
            found, opened=LONG_AGO.date(), status="closed", closed_date=LONG_AGO.date(), close_reason="cured"
        )
        cases.contact(case, note=MARKS[3], contacted_date=LONG_AGO.date(), contacted_at=LONG_AGO)
    return found


def test_the_values_go_and_every_leaf_still_verifies(customer: Customer) -> None:
    cora, dora = access.person("cora"), access.person("dora")
    seal()
    assert (kept_beside_the_trail(), seal_faults.faults("auditor")) == ([], [])  # sealed there too

    asked = erasure.request(customer=customer, reason="Asked by letter.", by=cora, at=AT)
    with pytest.raises(Refused, match=f"is asked for already: {asked.reference}"):
        erasure.request(customer=customer, reason="Asked again.", by=cora, at=AT)
    approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=dora, at=AT)
    seal()

    assert asked.facts == {"customer": "C-1", "last_collection_date": "2015-06-01", "personal_values": 6}
    assert kept_beside_the_trail() == []
    assert beside.values(queries.subjects(customer)) == 0
    assert seal_faults.faults("auditor") == []
    customer.refresh_from_db()
    assert (customer.name.clear, customer.profile.clear) == ("—", "")
    assert list(ContactPoint.objects.values_list("is_valid", "consented_date")) == [(False, None)]
    assert [pause.note.clear for pause in Pause.objects.all()] == [""]
    assert [(contact.note.clear, contact.outcome) for contact in Contact.objects.all()] == [("", "right_party")]
    emptied = Change.objects.get(object_type="cases.contact", kind="U")
    assert emptied.diff.startswith('{"note":{"c":["')
    assert Operation.objects.get(action="trail.erase").authority == f"approval:{asked.reference}"
    with pytest.raises(Refused, match=rf"were erased on .*\({asked.reference}\)"):
        erasure.request(customer=customer, reason="Asked again.", by=cora, at=AT)


def test_nobody_erases_past_the_action(customer: Customer) -> None:
    with connections["default"].cursor() as cursor:
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("DELETE FROM audit.personal")
        with pytest.raises(IntegrityError, match="by an operation alone"):
            cursor.execute("SELECT audit.erase('customers.customer:1', 'A-1', now())")
        with pytest.raises(IntegrityError, match="by an operation alone"):
            cursor.execute("SELECT audit.empty_cases_contact('{1}')")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("UPDATE cases_contact SET note = ''")
    with audit.operation("test.forge", by=BY, at=AT), connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('audit.erasing', pg_current_xact_id()::text, true)")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("UPDATE cases_contact SET outcome = 'promise'")
    with connections["owner"].cursor() as cursor:
        for statement in ("DELETE FROM audit.personal", "UPDATE cases_contact SET note = ''"):
            with pytest.raises(IntegrityError, match="append-only"):
                cursor.execute(statement)
