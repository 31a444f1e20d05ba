import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.bills.actions import repayments
from apps.bills.models import Bill, Repayment
from apps.bills.queries import reconciliation
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY

Buy = Callable[..., Bill]
DAY = date(2026, 5, 1)


@pytest.fixture
def paid(customer: Customer, buy: Buy) -> None:
    buy("P1", date(2026, 4, 10), "1000.00")
    for reference in ("R1", "R2"):
        repayments.record(
            customer=customer, reference=reference, amount=Decimal(100), received_date=DAY, business_date=DAY,
            by=BY, at=AT,
        )  # fmt: skip


def take(file: Path) -> tuple[int, dict[str, Any], str]:
    """Exit code, what was printed, and what was said of refused lines."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_reversals", str(file), json=True, stdout=out, stderr=err)
        code = 0
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, json.loads(out.getvalue() or "{}"), err.getvalue()


def written(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "reversals.csv"
    file.write_text("\n".join(("repayment,reason,reversal,note", *lines, "")), encoding="utf-8")
    return file


def test_bounced_money_is_taken_back_by_file_and_once(paid: None, tmp_path: Path) -> None:
    file = written(tmp_path, "R1,bounced,V1,No cover", "R2,duplicate,V2,")

    first, second = take(file), take(file)

    assert first == (0, {"rows": 2, "reversed": 2, "unchanged": 0, "refused": 0}, "")
    assert second == (0, {"rows": 2, "reversed": 0, "unchanged": 2, "refused": 0}, "")
    assert {*Repayment.objects.values_list("status", flat=True)} == {"reversed"}
    assert reconciliation.reconcile().differences == ()


def test_a_line_that_cannot_be_is_named_and_the_others_are_taken(paid: None, tmp_path: Path) -> None:
    code, counted, said = take(written(tmp_path, "R9,bounced,V1,", "R1,whim,V2,", "R2,bounced,V3,", "R2,bounced,,"))

    assert (code, counted["reversed"], counted["refused"]) == (1, 1, 3)
    assert "Row 2, R9: There is no repayment R9." in said
    assert "Row 3, R1: “whim” is not a reason to take money back." in said
    assert "Row 5, R2: R2 was reversed already on" in said


def test_a_file_with_other_columns_is_refused(paid: None, tmp_path: Path) -> None:
    file = tmp_path / "reversals.csv"
    file.write_text("repayment,why\nR1,bounced\n", encoding="utf-8")

    assert take(file) == (1, {}, "reversals.csv lacks the column reason.\n")
