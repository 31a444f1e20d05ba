"""The book's text is RFC 8785, whoever computes it and whatever the session's settings are."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.domain import canonical

SAFE = 2**53 - 1
text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-SAFE, SAFE) | text
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=20
)
fuzz = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def elsewhere(db: None) -> Any:
    """The owner's session with settings that no text may depend on."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'German, DMY'; SET extra_float_digits = -5")
        yield cursor
        cursor.execute("RESET TimeZone; RESET DateStyle; RESET extra_float_digits")


@fuzz
@given(value=values)
def test_python_writes_what_rfc_8785_says(value: Any) -> None:
    assert canonical.dumps(value).encode() == rfc8785.dumps(value)


@pytest.mark.django_db(databases=["default", "owner"])
@fuzz
@given(value=values)
def test_postgresql_writes_what_rfc_8785_says(elsewhere: Any, value: Any) -> None:
    elsewhere.execute("SELECT audit.canonical(%s::jsonb)", [json.dumps(value)])

    assert elsewhere.fetchone()[0].encode() == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("10.50"), '"10.50"'),
        (Decimal("1E+3"), '"1000"'),
        (2**53, '"9007199254740992"'),
        (dt.date(2026, 1, 31), '"2026-01-31"'),
        (dt.datetime(2026, 1, 31, 8, tzinfo=dt.timezone(dt.timedelta(hours=8))), '"2026-01-31T00:00:00.000000Z"'),
        ({"b": (1, 2), "a": None}, '{"a":null,"b":[1,2]}'),
    ],
)
def test_what_json_lacks_becomes_a_string(value: object, expected: str) -> None:
    assert canonical.dumps(value) == expected


@pytest.mark.parametrize("value", [1.5, dt.datetime(2026, 1, 1), {1, 2}, b"x"])  # noqa: DTZ001
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.dumps(value)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.50", '"1.5"'),
        ("1.0", "1"),
        ("9007199254740992", '"9007199254740992"'),
        ("-1e-7", '"-0.0000001"'),
        ('{"b": 1.50, "a": [-7, 1e3]}', '{"a":[-7,1000],"b":"1.5"}'),
        (
            "[999999999999999, 9007199254740991, 9007199254740992]",
            '[999999999999999,9007199254740991,"9007199254740992"]',
        ),
    ],
)
def test_numbers_that_are_not_safe_become_strings(elsewhere: Any, value: str, expected: str) -> None:
    elsewhere.execute("SELECT audit.canonical(%s::jsonb)", [value])

    assert elsewhere.fetchone()[0] == expected
