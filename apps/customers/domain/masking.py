"""Personal data as a screen shows them by default: enough to recognise, not enough to use."""

from apps.customers.domain.contact import ContactKind

STARS = "****"
CHINA = "+86"


def phone(number: str) -> str:
    """13812341234 as 138****1234, with +86 in front where it has it; a short number keeps its last two digits."""
    country, local = (CHINA, number[len(CHINA) :]) if number.startswith(CHINA) else ("", number)
    if len(local) < 9:
        return f"{STARS}{local[-2:]}"
    return f"{country} {local[:3]}{STARS}{local[-4:]}".strip()


def email(address: str) -> str:
    """lihua@example.test as l****@example.test."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}{STARS}{at}{host}" if at else STARS


def account(name: str) -> str:
    """An account's name with its first two characters and its last one."""
    return f"{name[:2]}{STARS}{name[-1:]}" if len(name) > 4 else STARS


def name(text: str) -> str:
    """李小明 as 李**, Amber Fig as A**: a person's name with its first letter."""
    return f"{text[:1]}**"


def number(text: str) -> str:
    """An identity document's number with its first character and its last two."""
    return f"{text[:1]}{STARS}{text[-2:]}" if len(text) > 5 else STARS


def hidden(_text: str) -> str:
    """Nothing of it."""
    return STARS


def told(text: str) -> str:
    """All of it: what colleagues write for each other is sealed where it lies, and read by whoever may see its row."""
    return text


def masked(kind: str, value: str) -> str:
    """A contact point's value, masked by its kind."""
    if kind == ContactKind.PHONE:
        return phone(value)
    return email(value) if kind == ContactKind.EMAIL else account(value)
