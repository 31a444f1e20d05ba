"""No personal value in the clear where it has no business: canaries are planted, the product driven, everything read.

What leaves the house for the customer holds them of necessity: messages at the providers, printed statements.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.bills.actions import debits, pauses, receipts, suspense
from apps.bills.domain.pauses import PauseReason
from apps.bills.models import SuspenseItem
from apps.cases.domain.status import Outcome
from apps.cases.models import Contact
from apps.closing.tasks import close_what_is_over
from apps.core.domain.actor import System
from apps.customers.domain.contact import Channel
from apps.customers.models import Customer
from apps.outreach import registry
from apps.outreach.actions import delivery
from apps.outreach.domain.delivery import Outgoing, Receipt, Undeliverable
from apps.outreach.models import Message
from apps.outreach.providers.file import File
from apps.outreach.tasks import deliver_outbox
from tests.bills import portfolios
from tests.factories import access, cases
from tests.factories.outreach import NOON, queued

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 9, 1)
CANARIES = {
    "name": "Kanarie Zwitscher",
    "identity": "IDKANARIE77",
    "occupation": "kanarienzuechter",
    "phone": "+8613877665544",
    "email": "zwitscher@kanarie.example",
    "wechat": "wx-kanarie-1",
    "qq": "77665544332",
    "app": "app-kanarie-1",
    "payer": "Payador Kanarie",
    "purpose": "fuer kanarienfutter",
    "filed": "Filed Kanarie",
    "wrote": "futter aus der datei",
    "account": "tok-kanarie-99",
    "pause": "voliere abgebrannt",
    "note": "sagt piep am telefon",
}
KEPT_FOR_COLLEAGUES = {"pause", "note"}  # read in the clear by whoever may see the account or the case
HEADER = "reference,name,joined_date,identity,phone,phone_consented_date,email,email_consented_date,wechat,qq,app"


class Grumbling:
    """A provider that repeats whom it did not reach."""

    name = "grumbling"

    def send(self, messages: list[Outgoing]) -> Iterator[Receipt]:
        yield from (Undeliverable(f"550 <{message.address}> does not exist") for message in messages)


def found_in(text: str, *, but: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    return [which for which, canary in CANARIES.items() if which not in but and canary in text]


def dump() -> str:
    """Every row of every table of the database, the trail and its leaves included, as text."""
    texts = []
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables"
            " where schemaname not in ('pg_catalog', 'information_schema') and schemaname !~ '^pg_temp'"
        )
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
                texts.append(b"".join(bytes(block) for block in copy).decode())
    return "\n".join(texts)


@pytest.fixture
def customer(fresh_database: str, tmp_path: Path, settings: Settings) -> Customer:
    """Somebody made of canaries, who came in a file."""
    c = CANARIES
    line = (
        f"EX-1,{c['name']},2026-01-05,{c['identity']},{c['phone']},2026-01-05,{c['email']},2026-01-05,"
        f"{c['wechat']},{c['qq']},{c['app']},{c['occupation']}"
    )
    others = "EX-2,Else,2026-01-06,,,,,,,,,\nEX-3,Else,2026-02-01,,,,,,,,,"
    made = portfolios.folder(tmp_path, customers=f"{HEADER},profile_occupation\n{line}\n{others}\n")
    portfolios.take(made)
    return Customer.objects.get(reference="EX-1")


def drive(customer: Customer, folder: Path) -> list[Message]:
    """What the days bring: money of unknown payers, a mandate, a pause, a contact, messages sent and not."""
    suspense.park(
        reference="S-1", amount=Decimal("9.00"), received_date=TODAY, business_date=TODAY,
        payer=CANARIES["payer"], purpose=CANARIES["purpose"], by=BY, at=AT,
    )  # fmt: skip
    file = folder / "money.csv"
    file.write_text(
        "reference,customer,received_date,amount,payer,purpose\n"
        f"X1,,2026-08-20,8.00,{CANARIES['filed']},{CANARIES['wrote']}\n"
        f"X2,,2026-08-20,wrong,{CANARIES['filed']},{CANARIES['wrote']}\n",
        encoding="utf-8",
    )
    intake = receipts.receive(path=file, business_date=TODAY, by=BY, at=AT)
    receipts.take(intake=intake, partitions=1, progress=lambda *_: None, by=BY, at=AT)
    debits.agree(customer=customer, bank="Nimbus", account_token=CANARIES["account"], agreed_date=TODAY, by=BY, at=AT)
    pauses.begin(customer=customer, reason=PauseReason.HARDSHIP, start_date=TODAY, note=CANARIES["pause"], by=BY, at=AT)
    Contact.objects.create(
        case=cases.case(customer), channel=Channel.CALL, outcome=Outcome.NO_ANSWER, note=CANARIES["note"],
        contacted_date=TODAY, contacted_at=AT, recorded_by=access.person("anna"),
    )  # fmt: skip
    due = dt.date(2026, 12, 31)  # something is open by then
    messages = [queued(customer, c, purpose=c.value, due_date=due) for c in (Channel.SMS, Channel.EMAIL)]
    for channel in (Channel.SMS, Channel.EMAIL):
        delivery.deliver(channel=channel, by=BY, at=NOON)
    return messages


def pages(person: str, customer: Customer) -> str:
    """What somebody sees who looks everywhere."""
    client = Client(raise_request_exception=False)
    client.force_login(access.person(person))
    message = Message.objects.order_by("pk")[0]
    addresses = [
        "/customers/", "/customers/?q=kanarie", "/customers/EX-1/", "/customers/EX-1/statement/",
        "/customers/EX-1/pause/", "/customers/EX-1/reveal/", "/customers/EX-1/mandate/", "/worklist/",
        "/cases/K-EX-1-1/", "/suspense/",
        "/suspense/S-1/", "/suspense/S-1/assignment/", "/messages/",
        reverse("outreach:message", args=[message.reference]),
        "/approvals/", "/trail/", "/reveals/", "/api/customers/", "/api/customers/EX-1/", "/api/suspense/",
        "/api/messages/", "/api/customers/?q=zwitscher%40kanarie.example", "/customers/no/",
    ]  # fmt: skip
    return "\n".join(client.get(address).content.decode() for address in addresses)


def test_no_canary_sings_where_it_should_not(
    customer: Customer,
    tmp_path: Path,
    broker: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setitem(registry._providers, Channel.EMAIL, Grumbling())
    monkeypatch.setitem(registry._providers, Channel.SMS, File(tmp_path / "outbox"))

    _sent, refused = drive(customer, tmp_path)

    refused.refresh_from_db()
    assert refused.error == "550 <z****@kanarie.example> does not exist"
    seen = "\n".join(pages(person, customer) for person in ("leo", "theo", "otto"))
    assert "EX-1" in seen
    assert "K**" in seen
    assert found_in(seen, but=KEPT_FOR_COLLEAGUES) == []
    client = Client(raise_request_exception=False)
    client.force_login(access.person("leo"))
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table bills_account rename to elsewhere")
        broken = client.get("/customers/EX-1/")
        cursor.execute("alter table elsewhere rename to bills_account")
    assert (broken.status_code, found_in(broken.content.decode())) == (500, [])
    app = Celery(broker=broker)
    for task in (close_what_is_over, deliver_outbox):
        app.send_task(task.name)
    queue = redis.Redis(
        unix_socket_path=broker.partition("://")[2].partition("?")[0], db=int(broker.rpartition("=")[2])
    )
    kept = [queue.lrange(key, 0, -1) for key in queue.scan_iter() if queue.type(key) == b"list"]
    assert kept
    assert found_in(repr(kept)) == []
    text = dump()
    assert "EX-1" in text
    assert found_in(text) == []
    assert found_in(caplog.text) == []
    assert SuspenseItem.objects.get(reference="X1").payer.clear == CANARIES["filed"]
