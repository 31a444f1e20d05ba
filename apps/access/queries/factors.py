"""What somebody proves who they are with, and who has to."""

from dataclasses import dataclass

from apps.access.models import Authenticator, Passkey, RecoveryCode, User
from apps.access.queries import locker, people
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def about(user: User | int) -> str:
    """What an authenticator's secret is locked about, so that nobody's opens as somebody else's."""
    return f"access.authenticator/{user if isinstance(user, int) else user.pk}"


@dataclass(frozen=True)
class Factors:
    """The second factors of one person."""

    authenticator: Authenticator | None
    passkeys: tuple[Passkey, ...]
    codes: int  # recovery codes not used yet
    is_required: bool

    @property
    def count(self) -> int:
        """How many there are, without the codes on paper."""
        return int(self.authenticator is not None) + len(self.passkeys)

    @property
    def are_there(self) -> bool:
        """Whether there is one to ask for."""
        return self.count > 0


def of(user: User) -> Factors:
    """What they have set up."""
    app = Authenticator.objects.filter(user=user, confirmed_at__isnull=False).first()
    codes = RecoveryCode.objects.filter(user=user, used_at=None).count()
    keys = tuple(Passkey.objects.filter(user=user).order_by("pk"))
    return Factors(app, keys, codes, people.needs_second_factor(user))


def waiting(user: User) -> str | None:
    """The secret of an app that is being set up, None where there is none."""
    app = Authenticator.objects.filter(user=user, confirmed_at=None).first()
    return None if app is None else locker.opened(app.secret, about=about(user)).decode()


def passkey(user: User, number: int) -> Passkey:
    """One of their keys; refused where it is not theirs."""
    found = Passkey.objects.filter(user=user, pk=number).first()
    if found is None:
        raise Refused(_("There is no such passkey."), code="factor_missing")
    return found
