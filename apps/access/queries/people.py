"""Who works here, what each holds and to whom each reports."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Prefetch, Q, QuerySet

from apps.access.domain.permissions import OF_THE_TRAIL, Permission
from apps.access.models import IncompatibleRoles, Role, RoleGrant, User

KNOWN = frozenset(Permission)


def permissions_of(user: User) -> frozenset[Permission]:
    """Everything the roles held by the user allow; read once for each request."""
    held: frozenset[Permission] | None = getattr(user, "_permissions", None)
    if held is None:
        held = frozenset(Permission(word) for words in _held(user).values() for word in words if word in KNOWN)
        held -= OF_THE_TRAIL if user.agency_id is not None else frozenset()
        user._permissions = held  # type: ignore[attr-defined]
    return held


def codes_of(user: User) -> frozenset[str]:
    """The codes of the roles that the user holds; read once for each request."""
    return frozenset(_held(user))


def _held(user: User) -> dict[str, list[str]]:
    found: dict[str, list[str]] | None = getattr(user, "_held", None)
    if found is None:
        grants = RoleGrant.objects.filter(user=user, ended_at=None)
        lists = list(grants.values_list("role__code", "role__permissions", "role__second_factor"))
        found = {code: words for code, words, _ in lists}
        user._needs_second_factor = any(needs for _, _, needs in lists)  # type: ignore[attr-defined]
        user._held = found  # type: ignore[attr-defined]
    return found


def narrowed(user: User, scopes: Iterable[str]) -> User:
    """The user as one who may no more than both their roles and these words allow, for this request."""
    user._permissions = permissions_of(user) & frozenset(scopes)  # type: ignore[attr-defined]
    return user


def needs_second_factor(user: User) -> bool:
    """Whether a role of theirs asks for more than a password; read with the permissions."""
    _held(user)
    return bool(user._needs_second_factor)  # type: ignore[attr-defined]


def holds(user: object, *permissions: Permission) -> bool:
    """Whether the user is signed in and active and holds all of the permissions."""
    return isinstance(user, User) and user.is_active and permissions_of(user).issuperset(permissions)


def roles_of(user: User) -> list[str]:
    """The codes of the roles that the user holds now."""
    return list(
        RoleGrant.objects.filter(user=user, ended_at=None).order_by("role__code").values_list("role__code", flat=True)
    )


def roles_at(user: User, at: dt.datetime) -> list[str]:
    """The codes of the roles in which the user may act at a moment: one taken in an emergency has its hours."""
    held = RoleGrant.objects.filter(Q(emergency=None) | Q(emergency__ends_at__gt=at), user=user, ended_at=None)
    return list(held.order_by("role__code").values_list("role__code", flat=True))


def superiors_of(user: User) -> set[int]:
    """Everybody to whom the user reports, directly or through others."""
    above: set[int] = set()
    boss = user.reports_to_id
    while boss is not None and boss not in above:
        above.add(boss)
        boss = User.objects.filter(pk=boss).values_list("reports_to", flat=True).first()
    return above


def roles_with(permission: Permission) -> QuerySet[Role]:
    """The roles that hold the permission."""
    return Role.objects.filter(permissions__contains=[permission.value]).order_by("name")


def staff() -> QuerySet[User]:
    """Everybody with their roles, team and superior."""
    live = RoleGrant.objects.filter(ended_at=None).select_related("role").order_by("role__name")
    return User.objects.select_related("team", "reports_to").prefetch_related(
        Prefetch("grants", queryset=live, to_attr="live_grants")
    )


def visible_to(user: User) -> QuerySet[User]:
    """The people whom the user may see: everybody with the permission, themself without."""
    return staff() if holds(user, Permission.STAFF_READ) else staff().filter(pk=user.pk)


def roles() -> QuerySet[Role]:
    """Every role with the people who hold it now."""
    live = RoleGrant.objects.filter(ended_at=None).select_related("user").order_by("user__name")
    return Role.objects.prefetch_related(Prefetch("grants", queryset=live, to_attr="live_grants")).order_by("name")


def incompatible_pairs() -> QuerySet[IncompatibleRoles]:
    """The roles that one person may not hold together."""
    return IncompatibleRoles.objects.select_related("first", "second").order_by("first__name", "second__name")


def incompatible(role: Role, held: Mapping[int, Role]) -> Role | None:
    """The first of the roles held, by key, that may not meet this one in one person."""
    pairs = IncompatibleRoles.objects.filter(Q(first=role, second__in=held) | Q(second=role, first__in=held))
    pair = pairs.order_by("pk").first()
    return held[pair.second_id if pair.first_id == role.pk else pair.first_id] if pair else None
