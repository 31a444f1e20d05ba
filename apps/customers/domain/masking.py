"""Personal data as a screen shows them by default: enough to recognise, not enough to use."""

from apps.customers.domain.contact import ContactKind

STARS = "****"


def phone(number: str) -> str:
    """13812341234 as 138****1234; a number too short for that keeps its last two digits."""
    return f"{number[:3]}{STARS}{number[-4:]}" if len(number) >= 9 else f"{STARS}{number[-2:]}"


def email(address: str) -> str:
    """lihua@example.test as l****@example.test."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}{STARS}{at}{host}"


def account(name: str) -> str:
    """An account's name with its first two characters and its last one."""
    return f"{name[:2]}{STARS}{name[-1:]}" if len(name) > 4 else STARS


def masked(kind: str, value: str) -> str:
    """A contact point's value, masked by its kind."""
    if kind == ContactKind.PHONE:
        return phone(value)
    return email(value) if kind == ContactKind.EMAIL else account(value)
