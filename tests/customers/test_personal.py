"""Personal values: sealed for one row, masked everywhere, found by digests, shown for a reason, sealed anew."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from apps.audit.models import Operation
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers import queries
from apps.customers.actions import reveals
from apps.customers.domain import likeness, masking, sealing
from apps.customers.domain.contact import ContactKind
from apps.customers.domain.sealing import Unsealable
from apps.customers.models import ContactPoint, Customer, Reveal, keyring
from apps.customers.queries import names
from apps.customers.queries import reveals as shown
from tests.factories import access
from tests.factories.customers import contact_point, customer

AT = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)


def raw(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {table}")
        return str(cursor.fetchone()[0])


def test_a_value_opens_for_its_purpose_alone() -> None:
    ring = sealing.fresh()
    token = ring.seal("Amber", "name:C-1")

    assert ring.open(token, "name:C-1") == "Amber"
    assert ring.seal("Amber", "name:C-1") != token
    with pytest.raises(Unsealable, match="personal_altered"):
        ring.open(token, "name:C-2")
    with pytest.raises(Unsealable, match="personal_altered"):
        ring.open(token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB"), "name:C-1")


def test_an_unknown_a_retired_and_no_key_are_told_apart() -> None:
    ring = sealing.fresh()
    token, newer = ring.seal("Amber", "p"), sealing.renewed(ring)

    assert newer.open(token, "p") == "Amber"
    assert sealing.key_of(newer.seal("Amber", "p")) == newer.current != ring.current
    with pytest.raises(Unsealable, match="personal_key_retired"):
        sealing.retiring(newer, frozenset()).open(token, "p")
    with pytest.raises(Unsealable, match="personal_key_unknown"):
        sealing.fresh().open(token, "p")
    with pytest.raises(Unsealable, match="personal_malformed"):
        ring.open("Amber", "p")
    assert sealing.read(sealing.written(newer)) == newer


@pytest.mark.parametrize("text", ["", "{}", '{"index": "AA==", "keys": []}', "[1]"])
def test_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Unsealable, match="personal_keys_unreadable"):
        sealing.read(text)


def test_numbers_and_names_are_compared_in_one_form() -> None:
    assert likeness.contact(ContactKind.PHONE, "138 1234-1234") == "+8613812341234"
    assert likeness.contact(ContactKind.PHONE, "0086 138 1234 1234") == "+8613812341234"
    assert likeness.contact(ContactKind.EMAIL, " Ann@Example.TEST ") == "ann@example.test"
    assert sorted(likeness.pieces("李小明")) == ["小", "小明", "明", "李", "李小"]
    assert [*likeness.pieces("Ann B")] == ["an", "nn"]
    assert (likeness.likeness("Amber Fig", "amber fig"), likeness.likeness("Amber", "Opal")) == (100, 0)
    assert (masking.name("李小明"), masking.number("110101199003071234")) == ("李**", "1****34")


def test_a_row_shows_masks_and_keeps_no_clear_value(db: None) -> None:
    made = customer(name="李小明", identity="110101199003071234", profile={"sex": 2})
    point = contact_point(made, value="+8613812341234")
    read, found = Customer.objects.get(pk=made.pk), ContactPoint.objects.get(pk=point.pk)

    assert [str(value) for value in (read.name, read.identity, read.profile)] == ["李**", "1****34", "****"]
    assert (read.name.clear, read.profile.facts, f"{found.value}") == ("李小明", {"sex": 2}, "+86 138****1234")
    assert repr(read.name) == "<personal>"
    assert str(Customer.objects.values_list("name", flat=True)[0]) == "****"
    assert raw("customers_customer", "name").startswith("~")
    for clear in ("小明", "110101", "sex"):
        assert clear not in raw("customers_customer", "row_to_json(customers_customer)::text")


def test_a_value_moved_to_another_row_does_not_open(db: None) -> None:
    one, other = customer(name="Amber Fig"), customer(name="Opal Pear")
    with connection.cursor() as cursor:
        cursor.execute(
            "update customers_customer set name = (select name from customers_customer where id = %s) where id = %s",
            [one.pk, other.pk],
        )

    with pytest.raises(Refused) as refusal:
        str(Customer.objects.get(pk=other.pk).name)
    assert refusal.value.code == "personal_altered"


def test_a_sealed_column_is_neither_searched_nor_written_in_the_clear(db: None) -> None:
    with pytest.raises(FieldError):
        Customer.objects.filter(name__icontains="a")
    assert not Customer.objects.filter(name="").exists()
    with pytest.raises(FieldError), transaction.atomic():
        Customer.objects.filter(name="Amber").exists()
    with pytest.raises(FieldError), transaction.atomic():
        Customer.objects.update(name="Amber")


def test_the_same_number_in_another_spelling_is_the_same_contact_point(db: None) -> None:
    point = contact_point(customer(), value="+8613812341234")

    assert queries.matching(Customer.objects.all(), "138-1234-1234").get() == point.customer
    assert names.known_by("+86 13812341235") == []


def test_names_are_found_by_any_part_and_nothing_else(db: None) -> None:
    li, lee = customer(name="李小明"), customer(name="Amber Lee", identity="ID-77")

    def found(text: str) -> list[str]:
        return [c.reference for c in queries.matching(Customer.objects.order_by("pk"), text)]

    assert found("小明") == found("李") == [li.reference]
    assert found("BER L") == found("id 77") == [lee.reference]
    assert found("小李") == found("rebma") == []
    li.name = "王大明"
    li.save(update_fields=["name"])
    assert (found("小明"), found("大明")) == ([], [li.reference])


def test_a_reveal_is_given_for_a_reason_counted_and_recorded(db: None) -> None:
    anna, made = access.person("anna"), customer(name="Amber Fig")

    assert reveals.reveal(of=made, field="name", reason="To call", by=anna, at=AT) == "Amber Fig"

    op = Operation.objects.latest("seq")
    assert (op.action, op.reason, json.loads(op.detail)["within_hour"]) == ("personal.reveal", "To call", 1)
    assert "Amber" not in json.dumps([op.sentence, op.detail])
    for field, reason in (("name", " "), ("shoe size", "To call"), ("identity", "To call")):
        with pytest.raises(Refused):
            reveals.reveal(of=made, field=field, reason=reason, by=anna, at=AT)
    anna.customer_reference = made.reference
    with pytest.raises(Forbidden):
        reveals.reveal(of=made, field="name", reason="To look", by=anna, at=AT)
    assert Reveal.objects.count() == 1


def test_more_than_the_rate_within_an_hour_is_an_alarm(db: None, settings: LazySettings) -> None:
    settings.REVEALS_PER_HOUR = 2
    anna, leo, made = access.person("anna"), access.person("leo"), customer()
    for minutes in (0, 40, 80):
        reveals.reveal(of=made, field="name", reason="-", by=leo, at=AT + dt.timedelta(minutes=minutes))
    for minutes in (0, 10, 20):
        reveals.reveal(of=made, field="name", reason="-", by=anna, at=AT + dt.timedelta(minutes=minutes))

    at = AT + dt.timedelta(hours=2)
    assert [(one.person, one.most_within_hour) for one in shown.alarms(at)] == [(anna, 3)]
    assert [one.count for one in shown.per_person(AT - dt.timedelta(1), at)] == [3, 3]


def test_the_page_shows_a_value_once_and_only_to_who_may(db: None) -> None:
    made = customer(name="Amber Fig")
    address, told = f"/customers/{made.reference}/reveal/", {"field": "name", "purpose": "call", "reason": ""}
    anna, otto = Client(), Client()
    anna.force_login(access.person("anna"))
    otto.force_login(access.person("otto"))

    assert "Amber Fig" not in anna.get(address).content.decode()
    answer = anna.post(address, told)
    assert "Amber Fig" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "Amber Fig" not in anna.get(f"/customers/{made.reference}/").content.decode()
    assert "Say what for." in anna.post(address, told | {"purpose": "other"}).content.decode()
    assert otto.post(address, told).status_code == 403
    assert "anna" in otto.get("/reveals/").content.decode().lower()
    body = {"field": "name", "reason": "To call"}
    over_api = f"/api/customers/{made.reference}/reveal/"
    assert anna.post(over_api, body, "application/json").json() == {"field": "name", "value": "Amber Fig"}
    assert otto.post(over_api, body, "application/json").status_code == 403


def test_lost_and_foreign_keys_are_refused_with_the_place(db: None, settings: LazySettings, tmp_path: Path) -> None:
    made = Customer.objects.get(pk=customer(name="Amber Fig").pk)
    settings.PERSONAL_KEY_FILE = str(tmp_path / "gone.json")
    with pytest.raises(Refused, match=r"lost: there is no .*gone\.json") as lost:
        _ = made.name.clear
    settings.PERSONAL_KEYS = sealing.written(sealing.fresh())
    with pytest.raises(Refused, match="not in PERSONAL_KEYS") as unknown:
        _ = made.name.clear

    assert (lost.value.code, unknown.value.code) == ("personal_keys_lost", "personal_key_unknown")


def test_rotation_seals_everything_anew_and_retires_what_nothing_lies_under(
    fresh_database: str, settings: LazySettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "personal.json"
    place.write_text(sealing.written(first := sealing.fresh()), encoding="utf-8")
    settings.PERSONAL_KEY_FILE = str(place)
    made = customer(name="Amber Fig", identity="ID-1", profile={"sex": 1})
    point = contact_point(made, value="+8613812341234")

    call_command("rotate_personal_keys", "--retire", "--json")

    told = json.loads(capsys.readouterr().out)
    assert told["resealed"]["customers.customer.name"] == told["resealed"]["customers.contactpoint.value"] == 1
    assert (told["left"], told["retired"], told["key"]) == ({}, [first.current], keyring.ring().current)
    assert Customer.objects.get(pk=made.pk).name.clear == "Amber Fig"
    assert ContactPoint.objects.get(pk=point.pk).value.clear == "+8613812341234"
    assert queries.matching(Customer.objects.all(), "amber").get() == made
    call_command("rotate_personal_keys", "--resume", "--json")
    assert sum(json.loads(capsys.readouterr().out)["resealed"].values()) == 0
    assert place.stat().st_mode & 0o777 == 0o600


def test_a_ring_does_not_show_its_keys() -> None:
    ring = sealing.fresh()

    assert ring.keys[ring.current].hex() not in repr(replace(ring))
    assert repr(ring.keys[ring.current]) not in repr(ring)
