"""Delivery: the gate asked again, a real mail server, nothing lost, nothing sent under a second name."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from apps.core.domain.actor import System
from apps.customers.domain.contact import Channel
from apps.outreach import registry
from apps.outreach.actions import delivery
from apps.outreach.domain.delivery import Outgoing, Receipt, Unavailable, Undeliverable
from apps.outreach.models import GateDecision, Message
from apps.outreach.queries import messages
from tests.factories.outreach import MIDNIGHT, NOON, debtor, pays, queued
from tests.outreach.conftest import Mailserver

pytestmark = pytest.mark.django_db


def deliver(at: dt.datetime = NOON, **bounds: Any) -> dict[str, int]:
    """What became of one batch of every channel."""
    ended: Counter[str] = Counter()
    for channel in messages.due_channels(at):
        ended.update(delivery.deliver(channel=channel, by=System("outbox"), at=at, **bounds).ended)
    return dict(ended)


def status_of(message: Message) -> tuple[str, int]:
    message.refresh_from_db()
    return message.status, message.attempts


def lines(folder: Path, channel: Channel) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / f"{channel}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_an_email_leaves_through_the_mail_server_under_its_reference(mailserver: Mailserver) -> None:
    message = queued(debtor(reference="C-1", language="en", name="Ann Reader"), Channel.EMAIL)

    assert deliver() == {"sent": 1}

    message.refresh_from_db()
    (mail,) = mailserver.mails
    assert (message.status, message.sent_at, message.attempts, message.provider) == ("sent", NOON, 1, "smtp")
    assert message.provider_reference == mail["Message-ID"] == "<C-1-auto_reminder-2026-02-26@whiteslip.example>"
    assert mail["To"] == message.address.clear
    assert mail["Subject"] == "Your payment of CNY 1,234.50 is overdue"
    assert mail["List-Unsubscribe"] == "<mailto:noreply@whiteslip.example?subject=unsubscribe>"
    assert "unsubscribe" in mail.get_content()


@pytest.mark.parametrize("channel", [Channel.APP, Channel.SMS, Channel.WECHAT, Channel.QQ])
def test_other_channels_leave_through_a_file(channel: Channel, outbox_folder: Path) -> None:
    message = queued(debtor(), channel)

    deliver()

    message.refresh_from_db()
    assert message.status == "sent"
    assert [line["reference"] for line in lines(outbox_folder, channel)] == [message.reference]


def test_nothing_leaves_before_its_time_and_an_idle_look_is_no_operation() -> None:
    queued(debtor(), Channel.APP)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit.operation")
        before = cursor.fetchone()
        assert deliver(at=MIDNIGHT) == {}
        assert not delivery.deliver(channel=Channel.APP, by=System("outbox"), at=MIDNIGHT).messages
        cursor.execute("SELECT count(*) FROM audit.operation")
        assert cursor.fetchone() == before


def test_a_batch_is_one_operation_of_the_trail_without_addresses_or_texts() -> None:
    first, second = queued(debtor(), Channel.APP), queued(debtor(), Channel.APP)
    pays(second.customer)

    deliver()

    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, sentence, detail FROM audit.operation WHERE action = 'outreach.deliver'")
        ((seq, sentence, detail),) = cursor.fetchall()
        cursor.execute("SELECT object_id FROM audit.change WHERE op_seq = %s AND kind = 'U'", [seq])
        changed = {key for (key,) in cursor}
    assert sentence == "Delivered by app: 1 cancelled, 1 sent."
    assert json.loads(detail) == {"channel": "app", "messages": 2, "cancelled": 1, "sent": 1}
    assert changed == {str(first.pk), str(second.pk)}


def test_what_was_paid_meanwhile_is_not_asked_for() -> None:
    customer = debtor()
    message = queued(customer, Channel.APP)
    pays(customer)

    deliver()

    message.refresh_from_db()
    assert (message.status, message.sent_at) == ("cancelled", None)


def test_the_gate_is_asked_again_and_an_opt_out_counts() -> None:
    customer = debtor()
    message = queued(customer, Channel.APP)
    customer.contact_points.update(consented_date=None)

    deliver()

    message.refresh_from_db()
    assert message.status == "blocked"
    assert (message.decision.reasons, message.decision.decided_at) == ("consent", NOON)
    assert GateDecision.objects.count() == 2


def test_what_comes_due_at_night_waits_for_the_morning() -> None:
    message = queued(debtor(), Channel.APP)
    night = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)  # 23:00 in Shanghai

    deliver(at=night)

    message.refresh_from_db()
    assert message.status == "planned"
    assert message.scheduled_at == dt.datetime(2026, 3, 3, 0, tzinfo=dt.UTC)


def test_what_waited_for_days_is_not_sent_any_more() -> None:
    message = queued(debtor(), Channel.APP)

    deliver(at=MIDNIGHT + dt.timedelta(hours=58))

    message.refresh_from_db()
    assert (message.status, message.decision.reasons) == ("blocked", "operator-freshness")


def test_a_third_text_message_on_a_day_waits_for_the_next_one() -> None:
    customer = debtor()
    two = [queued(customer, Channel.SMS, purpose=purpose) for purpose in ("first", "second")]
    third = queued(customer, Channel.SMS, purpose="third", at=MIDNIGHT - dt.timedelta(hours=8))
    Message.objects.filter(pk=third.pk).update(scheduled_at=NOON)

    assert deliver() == {"sent": 2, "waiting": 1}

    third.refresh_from_db()
    assert [Message.objects.get(pk=message.pk).status for message in two] == ["sent", "sent"]
    assert (third.status, third.decision.reasons) == ("planned", "operator-daily-sms")
    assert third.scheduled_at == dt.datetime(2026, 3, 3, 0, tzinfo=dt.UTC)


def test_a_mail_server_that_is_down_is_tried_again_ever_later_and_at_last_given_up(
    settings: Settings, dead_port: int
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", dead_port
    message = queued(debtor(), Channel.EMAIL)

    waits, at = [], NOON
    while message.status == "planned":
        deliver(at=at)
        message.refresh_from_db()
        waits.append((message.scheduled_at - at).total_seconds())
        at = message.scheduled_at

    assert waits == [60, 300, 1_800, 7_200, 0]
    assert (message.status, message.attempts) == ("failed", 5)
    assert "refused" in message.error.lower()


def test_a_message_that_failed_once_leaves_when_the_server_is_back(
    mailserver: Mailserver, settings: Settings, dead_port: int
) -> None:
    message, port = queued(debtor(), Channel.EMAIL), settings.EMAIL_PORT
    settings.EMAIL_PORT = dead_port
    deliver()
    settings.EMAIL_PORT = port

    assert deliver() == {}
    deliver(at=NOON + dt.timedelta(seconds=60))

    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("sent", 2, "")
    assert len(mailserver.mails) == 1


@pytest.mark.parametrize(("answer", "status"), [("550 no such mailbox", "failed"), ("451 try again later", "planned")])
def test_a_refused_address_has_failed_and_a_busy_server_is_tried_again(
    mailserver: Mailserver, answer: str, status: str
) -> None:
    mailserver.answer = answer
    message = queued(debtor(), Channel.EMAIL)

    deliver()

    message.refresh_from_db()
    assert message.status == status
    assert answer in message.error


def test_an_address_that_no_mail_can_carry_has_failed(mailserver: Mailserver) -> None:
    customer = debtor()
    point = customer.contact_points.get(kind="email")
    point.value = "a@b\nBcc: everybody@example.com"
    point.save(update_fields=["value"])
    message = queued(customer, Channel.EMAIL)

    deliver()

    message.refresh_from_db()
    assert (message.status, mailserver.mails) == ("failed", [])


def test_a_channel_without_a_provider_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_providers", {})
    message = queued(debtor(), Channel.QQ)

    deliver()

    message.refresh_from_db()
    assert (message.status, message.error) == ("planned", "no provider delivers on qq")


def test_a_channel_that_does_not_answer_keeps_its_messages_and_leaves_the_others_their_turn(
    outbox_folder: Path,
) -> None:
    outbox_folder.mkdir()
    (outbox_folder / "qq.jsonl").mkdir()  # a folder where the file should be
    one, two, other = (queued(debtor(), channel) for channel in (Channel.QQ, Channel.QQ, Channel.SMS))

    batch = delivery.deliver(channel=Channel.QQ, by=System("outbox"), at=NOON)

    assert (batch.is_unavailable, batch.ended) == (True, {"waiting": 2})
    assert sorted([status_of(one), status_of(two)]) == [("planned", 0), ("planned", 1)]  # one of them was tried
    assert one.scheduled_at == two.scheduled_at == NOON + dt.timedelta(seconds=60)
    assert deliver() == {"sent": 1}
    assert status_of(other) == ("sent", 1)


class Pigeon:
    """A plugin that knows the fate of each address."""

    name = "pigeon"

    def __init__(self, fates: dict[str, Receipt]) -> None:
        self.fates = fates
        self.carried: list[str] = []
        self.is_let_go = False

    def send(self, messages: Sequence[Outgoing]) -> Generator[Receipt, None, None]:
        try:
            for message in messages:
                self.carried.append(message.reference)
                yield self.fates.get(message.reference, message.reference)
        finally:
            self.is_let_go = True


def test_a_plugin_may_take_a_channel_over_and_each_message_has_its_own_fate() -> None:
    good, never, later = (queued(debtor(reference=name), Channel.SMS) for name in ("C-1", "C-2", "C-3"))
    never_again, moulting = Undeliverable("pigeons know no numbers"), Unavailable("moulting")
    registry.provider(Channel.SMS, Pigeon({never.reference: never_again, later.reference: moulting}))

    assert deliver() == {"failed": 1, "sent": 1, "waiting": 1}

    assert [status_of(message) for message in (good, never, later)] == [("sent", 1), ("failed", 1), ("planned", 1)]
    assert (good.provider, good.provider_reference, good.sent_at) == ("pigeon", good.reference, NOON)
    assert (never.error, later.error) == ("pigeons know no numbers", "moulting")
    assert later.scheduled_at == NOON + dt.timedelta(seconds=60)


def test_a_batch_whose_time_is_over_keeps_what_it_did_and_the_next_one_goes_on() -> None:
    for _ in range(3):
        queued(debtor(), Channel.SMS)
    pigeon = Pigeon({})
    registry.provider(Channel.SMS, pigeon)

    assert deliver(seconds=0) == {"sent": 1}
    assert (len(pigeon.carried), pigeon.is_let_go) == (1, True)
    assert deliver(seconds=0) == {"sent": 1}
    assert deliver() == {"sent": 1}
    assert len(set(pigeon.carried)) == len(pigeon.carried) == 3


def test_a_batch_is_no_larger_than_asked_for_and_takes_the_longest_waiting_first() -> None:
    first, second, third = (queued(debtor(), Channel.APP) for _ in range(3))
    for hours, message in ((3, first), (1, second), (2, third)):
        Message.objects.filter(pk=message.pk).update(scheduled_at=NOON - dt.timedelta(hours=hours))

    assert deliver(limit=2) == {"sent": 2}

    assert [status_of(message)[0] for message in (first, second, third)] == ["sent", "planned", "sent"]


def test_what_could_only_not_be_sent_does_not_count_against_the_customer() -> None:
    customer = debtor()
    lost, *rest = (queued(customer, Channel.SMS, purpose=purpose) for purpose in ("first", "second"))
    rest.append(queued(customer, Channel.SMS, purpose="third", at=MIDNIGHT - dt.timedelta(hours=8)))
    Message.objects.filter(pk=lost.pk).update(scheduled_at=NOON - dt.timedelta(hours=9))
    Message.objects.filter(pk=rest[1].pk).update(scheduled_at=NOON)
    registry.provider(Channel.SMS, Pigeon({lost.reference: Undeliverable("no such number")}))

    assert deliver() == {"failed": 1, "sent": 2}


def test_nothing_leaves_in_the_last_minute_before_the_quiet_hours() -> None:
    message = queued(debtor(), Channel.APP)
    late = dt.datetime(2026, 3, 2, 13, 59, 30, tzinfo=dt.UTC)  # 21:59:30 in Shanghai

    assert deliver(at=late) == {"waiting": 1}

    message.refresh_from_db()
    assert message.decision.reasons == "cn-quiet-hours"
    assert message.scheduled_at == dt.datetime(2026, 3, 3, 0, tzinfo=dt.UTC)


def test_as_many_statements_for_thirty_messages_as_for_one() -> None:
    counts = []
    for number in (1, 30):
        for _ in range(number):
            queued(debtor(), Channel.APP)
        with CaptureQueriesContext(connection) as statements:
            assert deliver() == {"sent": number}
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_batch_of_mails_goes_over_one_connection_and_each_has_its_own_fate(mailserver: Mailserver) -> None:
    gone, good = queued(debtor(reference="C-1"), Channel.EMAIL), queued(debtor(reference="C-2"), Channel.EMAIL)
    mailserver.refused[gone.address.clear] = "550 no such mailbox"

    assert deliver() == {"failed": 1, "sent": 1}

    assert (status_of(gone), status_of(good)) == (("failed", 1), ("sent", 1))
    assert (len(mailserver.mails), len(mailserver.sessions)) == (1, 1)


def test_a_mail_server_that_hangs_up_after_each_mail_is_called_again(mailserver: Mailserver) -> None:
    for _ in range(3):
        queued(debtor(), Channel.EMAIL)
    mailserver.hangs_up = True

    assert deliver() == {"sent": 3}

    assert len({mail["Message-ID"] for mail in mailserver.mails}) == 3
