"""A passkey signs a challenge."""

import datetime as dt

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.parse_authentication_credential_json import parse_authentication_credential_json

from apps.access.domain.ceremony import Answer
from apps.access.models import Passkey, User
from apps.core.domain.actor import Actor


def signs(*, user: User, answer: Answer, by: Actor, at: dt.datetime) -> bool:
    """Whether a key of theirs signed the challenge; not one of somebody else's, for another site, or a seeming copy."""
    try:
        told = parse_authentication_credential_json(answer.credential)
    except WebAuthnException:
        return False
    key = Passkey.objects.select_for_update().filter(user=user, credential=told.id).first()
    if key is None:
        return False
    try:
        found = webauthn.verify_authentication_response(
            credential=told,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.site,
            expected_origin=answer.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.uses,
        )
    except WebAuthnException:
        return False
    key.uses, key.used_at = found.new_sign_count, at
    key.save(update_fields=["uses", "used_at"])
    return True
