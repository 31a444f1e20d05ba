"""Passkeys: added, used, removed."""

import datetime as dt

import webauthn
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException

from apps.access.actions import factors
from apps.access.domain.ceremony import Answer
from apps.access.models import Passkey, RecoveryCode, User
from apps.access.queries import factors as held
from apps.audit import actions as audit
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def add(*, user: User, name: str, answer: Answer | None, by: User, at: dt.datetime) -> list[str]:
    """Let a new key count; with the first second factor come recovery codes, to be shown this once."""
    with audit.operation("access.passkey.add", by=by, at=at, on=user) as op:
        if answer is None:
            raise Refused(_("The browser sent no passkey; try again."), code="passkey_missing")
        try:
            found = webauthn.verify_registration_response(
                credential=answer.credential,
                expected_challenge=answer.challenge,
                expected_rp_id=answer.site,
                expected_origin=answer.origin,
            )
        except WebAuthnException as error:
            raise Refused(_("The passkey could not be read."), code="passkey_unreadable") from error
        credential = bytes_to_base64url(found.credential_id)
        if Passkey.objects.filter(credential=credential).exists():
            raise Refused(_("That passkey is known already."), code="passkey_known")
        is_first = not held.of(user).are_there
        Passkey.objects.create(
            user=user,
            name=name,
            credential=credential,
            public_key=bytes_to_base64url(found.credential_public_key),
            uses=found.sign_count,
            made_at=at,
        )
        op.sentence = f"Added the passkey {name}."
        return factors.renew_codes(user=user, by=by, at=at) if is_first else []


def remove(*, passkey: Passkey, by: User, at: dt.datetime) -> None:
    """Take one of one's own away; refused where a role asks for a second factor and it is the only one."""
    with audit.operation("access.passkey.remove", by=by, at=at, on=by) as op:
        mine = held.of(by)
        if passkey not in mine.passkeys:
            raise Refused(_("There is no such passkey."), code="factor_missing")
        if mine.is_required and mine.count == 1:
            raise Refused(_("A role of yours asks for a second factor, and this is the only one."), code="factor_last")
        if mine.count == 1:
            RecoveryCode.objects.filter(user=by).delete()
        op.sentence = f"Removed the passkey {passkey.name}."
        passkey.delete()
