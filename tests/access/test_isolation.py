"""The walls alone: every address and every table as an agency's user, with every filter of ours taken away."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from apps.access import registry
from apps.access.actions.walls import Wall
from apps.access.domain.permissions import Permission
from apps.access.models import Role, User
from apps.access.queries import policies, scopes
from apps.customers.queries import walls as filters
from tests import databases
from tests.audit import rows
from tests.databases import Databases
from tests.factories import access, bills, cases, customers, walls
from tests.test_urls import ADDRESSES, Address

KEY, WORD, DAY = 700001, "XF700001", dt.date(2026, 1, 31)
WALLED = policies.walled()
READ_AS_SOMETHING = {"time_zone": "Asia/Shanghai", "code": "empty", "refusal_code": "empty"}  # columns


@pytest.fixture(scope="module")
def gina(database_server: Databases, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """May do everything, for an agency with one customer; of everything there is one row of another customer's."""
    name = f"{databases.CLONE}isolation_{database_server.template[-8:]}_{id(WALLED)}"
    database_server.clone(name)
    with django_db_blocker.unblock(), databases.pointed_to(name):
        bills.terms()
        mine = customers.reachable(reference="C-MINE", name="Mine Own")
        cases.task(cases.case(mine))
        walls.placed(mine, walls.agency())
        Role.objects.create(code="all", name="All", permissions=[word.value for word in Permission])
        gina = walls.agent(walls.agency())
        access.give(gina, "all")
        rows.drop_constraints()
        for label in WALLED:
            _foreign(apps.get_model(label)).save(force_insert=True)
        yield gina
    database_server.drop(name)


def _foreign(model: type[models.Model]) -> models.Model:
    return model(**{field.attname: _value(field) for field in model._meta.local_concrete_fields})


def _value(field: Any) -> Any:
    target = field.related_model._meta.label_lower if field.is_relation else ""
    if field.name in READ_AS_SOMETHING:
        return READ_AS_SOMETHING[field.name]
    if field.primary_key or target in WALLED or field.attname == "customer_id":
        return KEY
    if target:
        return None if field.null else field.related_model.objects.values_list("pk", flat=True).first()
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return DAY
    if isinstance(field, models.CharField | models.TextField) and not 0 < (field.max_length or 0) < len(WORD):
        return WORD
    return Decimal("7.32") if isinstance(field, models.DecimalField) else rows.value(field, 7)


@pytest.fixture
def no_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for what somebody may see is handed all rows."""
    monkeypatch.setattr(filters, "within", lambda rows, *_: rows)
    monkeypatch.setattr(filters, "office", lambda rows, *_: rows)
    monkeypatch.setattr(filters, "totals", lambda rows, *_: rows)
    monkeypatch.setattr(filters, "sees", lambda *_: True)
    monkeypatch.setattr(registry, "_walls", [])


def _tables(tell: Callable[[str], bool]) -> list[str]:
    return sorted(wall.table for wall in WALLED.values() if tell(wall.table))


def _has_foreign_row(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE id = %s)', [KEY])
        return bool(cursor.fetchone()[0])


def test_no_table_shows_a_foreign_row_to_raw_sql(gina: User) -> None:
    everywhere = _tables(_has_foreign_row)

    with Wall.around(scopes.of(gina), gina.pk):
        shown = _tables(_has_foreign_row)
        with connection.cursor() as cursor:
            cursor.execute("SELECT reference FROM customers_customer")
            mine = cursor.fetchall()

    assert everywhere == sorted(wall.table for wall in WALLED.values())
    assert (shown, mine) == ([], [("C-MINE",)])


def _path(address: Address) -> str:
    """The example path of the address with what names the foreign rows."""
    path = re.sub(r"/1(?=/|$)", f"/{KEY}", address.path)
    return path.replace("2005-05-01", DAY.isoformat()).replace("none", WORD)


PATHS = sorted({_path(address) for address in ADDRESSES if address.name not in ("healthz", "access:logout")})
SEARCHES = ("/customers/?q=XF7", "/api/customers/?q=XF7", "/find?q=XF700001", "/find?q=C-MINE", "/api/cases/?limit=500")


def _shown(user: User) -> dict[str, str]:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=user.pk))
    answers = ((path, client.get(path)) for path in (*PATHS, *SEARCHES))
    # A page says where it is.
    return {path: _text(answer).replace(path.partition("?")[0], "") for path, answer in answers}


def _text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} {answer.get('Location', '')} {body.decode(errors='replace')}"


def test_no_address_shows_a_foreign_row(gina: User, no_filters: None, monkeypatch: pytest.MonkeyPatch) -> None:
    behind = _shown(gina)
    monkeypatch.setattr(Wall, "admit", lambda self, scope, actor: setattr(self, "ahead", ""))
    before = _shown(gina)

    broken = [path for path, text in behind.items() if text.startswith("5")]
    leaks = [path for path, text in behind.items() if WORD in text]
    seen = [path for path, text in before.items() if WORD in text]

    assert (leaks, broken) == ([], [])
    assert sum("C-MINE" in text for text in behind.values()) >= 5
    assert len(seen) >= 30  # or the test would see nothing either way
