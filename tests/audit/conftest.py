import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import models
from django.utils import translation
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from apps.audit import actions as audit
from apps.audit.models import Change
from apps.core.domain.actor import System
from tests import databases
from tests.audit import rows
from tests.databases import Databases

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)

Captured = Callable[[type[models.Model], Callable[[], object]], str]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in English, whatever language an earlier request spoke."""
    with translation.override("en"):
        yield


@pytest.fixture
def sealed_book(fresh_database: str, settings: Settings, tmp_path: Path) -> str:
    """A database of the test's own, with a key and anchors of its own."""
    settings.AUDIT_KEY_FILE = str(tmp_path / "keys" / "audit.pem")
    settings.AUDIT_ANCHORS = str(tmp_path / "anchors")
    return fresh_database


@pytest.fixture(scope="module")
def bare_tables(database_server: Databases, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database whose tables take any row, with the audit as it is installed everywhere."""
    name = f"{databases.CLONE}{os.getpid()}_bare"
    database_server.clone(name)
    with django_db_blocker.unblock(), databases.pointed_to(name):
        rows.drop_constraints()
        yield name
    database_server.drop(name)


def captured(model: type[models.Model], act: Callable[[], object]) -> str:
    """The kinds of the changes of the model's rows that an act is captured as, all of them in its operation."""
    label = model._meta.label_lower
    last = Change.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    with audit.operation("test.act", by=BY, at=AT) as op:
        act()
    found = list(Change.objects.filter(seq__gt=last, object_type=label).order_by("seq"))
    assert {change.op_seq for change in found} <= {op.seq}
    return "".join(change.kind for change in found)
