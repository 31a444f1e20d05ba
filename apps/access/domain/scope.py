"""What part of the book somebody may see: everybody's, a slice of it, or what was placed with their agency."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How somebody stands towards the book."""

    OFFICE = "office"  # works on what they see
    AUDITOR = "auditor"  # sees it and changes nothing of it
    AGENCY = "agency"  # sees what is placed with one agency
    NOBODY = "nobody"  # sees nothing: an agency's agent without an agency, or with one that was struck off


@dataclass(frozen=True, slots=True)
class Scope:
    """Which customers somebody may see, and with them all that hangs on a customer."""

    standing: Standing = Standing.OFFICE
    agency: int | None = None
    products: tuple[str, ...] = ()  # codes; none: customers of every product
    own_account: str = ""  # a customer's reference: nobody sees or works on it whose account it is

    @property
    def is_whole_book(self) -> bool:
        """Whether nothing is kept from them."""
        return self in (Scope(), Scope(Standing.AUDITOR))

    @property
    def is_walled(self) -> bool:
        """Whether the database holds them to it; auditors too, who may change nothing that they see."""
        return self != Scope()


def scope_of(
    roles: frozenset[str], *, agency: int | None, is_listed: bool, products: tuple[str, ...], own_account: str
) -> Scope:
    """The scope of somebody with these roles, the narrowest that holds: an agency's person never sees more."""
    if agency is not None or roles <= {"agency_agent"}:
        standing = Standing.AGENCY if agency is not None and is_listed else Standing.NOBODY
        return Scope(standing, agency if is_listed else None, products, own_account)
    return Scope(Standing.AUDITOR if "auditor" in roles else Standing.OFFICE, None, products, own_account)
