"""Personal data as a screen shows them."""

import pytest

from apps.customers.domain import masking


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13812341234", "138****1234"),
        ("phone", "+8613812341234", "+86 138****1234"),
        ("phone", "+4915112345678", "+49****5678"),
        ("phone", "110", "****10"),
        ("email", "lihua@example.test", "l****@example.test"),
        ("email", "not an address", "****"),
        ("wechat", "wx_lihua", "wx****a"),
        ("qq", "1234", "****"),
    ],
)
def test_a_contact_point_is_recognised_and_not_given_away(kind: str, value: str, shown: str) -> None:
    assert masking.masked(kind, value) == shown
