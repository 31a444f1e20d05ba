"""Columns of personal values: sealed in the database, masked wherever they are shown, clear only where asked for."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from apps.core.models import Record
from apps.customers.domain import masking
from apps.customers.models import keyring

if TYPE_CHECKING:
    TextField = models.TextField["Personal | str | dict[str, Any]", "Personal"]
else:
    TextField = models.TextField

ASKED = frozenset({"exact", "isnull"})  # whether there is anything at all


class Personal:
    """One person's value: as a text it is its mask; `clear` opens it, and is for reveals, senders and matching alone.

    Whoever prints it, logs it, or writes it into a page or a file shows the mask. It is false where it is empty.
    """

    __slots__ = ("_clear", "_mask", "_token", "purpose")

    def __init__(
        self,
        *,
        token: str | None = None,
        clear: str | None = None,
        purpose: str = "",
        mask: Callable[[str], str] = masking.hidden,
    ) -> None:
        self._token, self._clear, self._mask = token, clear, mask
        self.purpose = purpose  # the column and whose row it is in; empty where that is not known

    @property
    def clear(self) -> str:
        """The value itself; refused where it does not open."""
        if self._clear is None:
            self._clear = keyring.unseal(self._token or "", self._known_purpose())
        return self._clear

    @property
    def token(self) -> str:
        """The value as the database keeps it."""
        if self._token is None:
            self._token = keyring.seal(self._clear or "", self._known_purpose()) if self._clear else ""
        return self._token

    @property
    def facts(self) -> dict[str, Any]:
        """The value where it is an object of facts."""
        found: dict[str, Any] = json.loads(self.clear or "{}")
        return found

    def bound(self, purpose: str, mask: Callable[[str], str]) -> "Personal":
        """The same value as one of a row."""
        return Personal(token=self._token, clear=self._clear, purpose=purpose, mask=mask)

    def shown(self, mask: Callable[[str], str]) -> str:
        """The value under another mask."""
        return mask(self.clear) if self else ""

    def _known_purpose(self) -> str:
        if not self.purpose:
            raise TypeError("a personal value opens only together with its row")
        return self.purpose

    def __bool__(self) -> bool:
        return bool(self._clear if self._token is None else self._token)

    def __str__(self) -> str:
        return self.shown(self._mask) if self.purpose else masking.STARS * bool(self)

    def __repr__(self) -> str:
        return "<personal>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Personal):
            return NotImplemented
        return (self._token is not None and self._token == other._token) or self.clear == other.clear

    def __hash__(self) -> int:
        return hash(self.clear)


class Attribute(DeferredAttribute):
    """The value of a row, bound to the row."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or value is None:
            return value
        field = cast("Sealed", self.field)
        if not isinstance(value, Personal):
            value = Personal(clear=value)
        if not value.purpose:
            value = value.bound(field.purpose_of(instance), field.mask_of(instance))
            instance.__dict__[field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        if isinstance(value, dict):
            value = json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
        if isinstance(value, Personal) and value.purpose and value:
            value = value if value.purpose == cast("Sealed", self.field).purpose_of(instance) else value.clear
        instance.__dict__[self.field.attname] = value


class Sealed(TextField):
    """A personal value: `context` is what it is sealed for, with what `owner` says, a field known before the row is.

    The same context and owner in another column may hold the same sealed value.
    """

    descriptor_class = Attribute

    def __init__(
        self,
        *args: Any,
        context: str = "",
        owner: str = "",
        mask: Callable[[str], str] = masking.hidden,
        mask_by: str = "",
        **options: Any,
    ) -> None:
        """`mask` shows the value; where `mask_by` is given, that method of the row does."""
        super().__init__(*args, **options)
        self.context, self.owner, self.mask, self.mask_by = context, owner, mask, mask_by

    def deconstruct(self) -> Any:
        """Masks are no part of the schema."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "context": self.context, "owner": self.owner}

    def purpose_of(self, instance: models.Model) -> str:
        """What the value of a row is sealed for; not known before the owner is."""
        owner = getattr(instance, self.owner)
        return purpose(self.context, owner) if owner not in (None, "") else ""

    def mask_of(self, instance: models.Model) -> Callable[[str], str]:
        """How the value of a row is shown."""
        return getattr(instance, self.mask_by) if self.mask_by else self.mask

    def from_db_value(self, value: str | None, *_: object) -> Personal | None:
        """A value that opens once its row is known."""
        return None if value is None else Personal(token=value)

    def to_python(self, value: Any) -> Any:
        """Nothing is converted: a text is clear, a personal value is what it is."""
        return value

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """The row's value, which knows its row."""
        return getattr(instance, self.attname)

    def get_prep_value(self, value: Any) -> str | None:
        """The sealed text; a clear one is refused, because nothing says whose it is."""
        if value is None or value == "":
            return cast("str | None", value)
        if isinstance(value, Personal):
            return value.token
        raise FieldError(f"{self.name} is sealed: it is written by its row and searched by its index.")

    def get_lookup(self, lookup_name: str) -> Any:
        """A sealed value can be asked for being empty alone."""
        return super().get_lookup(lookup_name) if lookup_name in ASKED else None

    def value_to_string(self, obj: models.Model) -> str:
        """The mask."""
        return str(self.value_from_object(obj))


def purpose(context: str, owner: object) -> str:
    """What a value is sealed for: its column and its owner."""
    return f"{context}:{owner}"


class Derived(models.Field):  # type: ignore[type-arg]
    """A column worked out from a sealed one whenever that is written: `row.derived(name)` says what."""

    def pre_save(self, instance: "Sealing", add: bool) -> Any:  # type: ignore[override]
        """Work it out."""
        value = instance.derived(self.attname)
        setattr(instance, self.attname, value)
        return value


class BlindIndex(Derived, models.UUIDField):  # type: ignore[type-arg]
    """The keyed digest of a sealed value, for exact search; null where there is none."""


class Sealing(Record):
    """A row with sealed values of which others are worked out: `derives` names for a sealed field those others."""

    derives: ClassVar[dict[str, Sequence[str]]] = {}

    class Meta:
        abstract = True

    def derived(self, name: str) -> Any:
        """The value of a derived column."""
        raise NotImplementedError

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Write with a sealed field what is worked out from it."""
        if update_fields is not None:
            named = list(update_fields)
            update_fields = [*named, *(other for field in named for other in self.derives.get(field, ()))]
        super().save(*args, update_fields=update_fields, **options)
