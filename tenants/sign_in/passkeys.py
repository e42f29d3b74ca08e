"""Passkeys: a device signs a challenge of this site; nothing that can be told, mailed or typed elsewhere.

Source: Web Authentication Level 3 (W3C), 7.1 and 7.2.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask import session as cookie
from flask_babel import lazy_gettext as _l

from core import db
from core.settings import Settings
from tenants.errors import AccountError
from tenants.models import Passkey, SpentChallenge, User
from tenants.sign_in.claims import insert_new

CHALLENGE = "challenge"
# A page that is opened within RENEW_AFTER shares the challenge of the one before: people open two.
GOOD_FOR, RENEW_AFTER = timedelta(minutes=30), timedelta(minutes=10)
NAME_LENGTH = 60
MOST = 20
TIMEOUT_MS = 120_000
RP_NAME = "Waarborg"


class PasskeyError(AccountError):
    """The device's answer does not prove anything; the text says what to do."""

    def __init__(self) -> None:
        super().__init__(_l("The passkey was not accepted. Try once more."), "credential")


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is bound to: the host, and the origin the browser must have been at."""

    host: str
    origin: str


def site() -> Site | None:
    """Return what passkeys of this installation are bound to, or None where browsers allow none.

    Browsers want https, or localhost, and a name instead of a number.
    """
    settings: Settings = current_app.config["SETTINGS"]
    parts = urlsplit(settings.base_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        usable = parts.scheme == "https" or host == "localhost"
        return Site(host, f"{parts.scheme}://{parts.netloc}") if usable and host else None
    return None


def options_to_add(user: User, *, at: datetime) -> str:
    """Return what the browser needs to make a passkey, as JSON; empty where there can be none."""
    from webauthn import generate_registration_options, options_to_json  # half a second, and few pages need it
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
    )
    from webauthn.helpers.structs import UserVerificationRequirement as Verification

    here = site()
    if here is None:
        return ""
    options = generate_registration_options(
        rp_id=here.host,
        rp_name=RP_NAME,
        user_name=user.email,
        user_id=user.id.bytes,
        user_display_name=user.name,
        challenge=_challenge(at),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=Verification.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in passkeys_of(user.id)],
    )
    return options_to_json(options)


def options_to_show(user_id: UUID | None, *, at: datetime) -> str:
    """Return what the browser needs to use a passkey, as JSON; empty where there can be none.

    user_id: whose passkeys; None asks the device which one it has, and for the PIN or finger behind it.
    """
    here = site()
    if here is None or (user_id is not None and not passkeys_of(user_id)):
        return ""
    # Written by hand: the library behind it takes half a second to load, and everybody opens the page to sign in.
    return json.dumps(
        {
            "challenge": _base64url(_challenge(at)),
            "timeout": TIMEOUT_MS,
            "rpId": here.host,
            "allowCredentials": [
                {"id": _base64url(one.credential_id), "type": "public-key"}
                for one in (passkeys_of(user_id) if user_id else ())
            ],
            "userVerification": "preferred" if user_id else "required",
        }
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def passkeys_of(user_id: UUID) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    return list(db.session().scalars(sa.select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.added_at)))


def add(user_id: UUID, credential: str, name: str, *, at: datetime) -> Passkey:
    """Keep the passkey that the browser made.

    credential: the browser's answer, JSON. Raises PasskeyError when it does not fit the challenge, the site or the
    rules of the standard, AccountError when the person has MOST already or this one is somebody's.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    here, challenge = site(), _spent(at)
    if here is None or challenge is None:
        raise PasskeyError
    if len(passkeys_of(user_id)) >= MOST:
        raise AccountError(_l("You have as many passkeys as fit here. Remove one first."), "name")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyError from error
    if _by_credential(made.credential_id) is not None:
        raise PasskeyError
    passkey = Passkey(
        user_id=user_id,
        name=name[:NAME_LENGTH],
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        added_at=at,
        used_at=None,
    )
    db.session().add(passkey)
    db.session().flush()
    return passkey


def show(credential: str, *, user_id: UUID | None, at: datetime) -> UUID:
    """Return the person whose passkey signed the challenge of this browser.

    user_id: who it must be; None takes anybody, and then asks that the device knew its owner by PIN or finger: such
    a passkey is two factors by itself. Raises PasskeyError.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    here, challenge = site(), _spent(at)
    if here is None or challenge is None:
        raise PasskeyError
    try:
        answer = parse_authentication_credential_json(credential)
        passkey = _by_credential(answer.raw_id)
        if passkey is None or (user_id is not None and passkey.user_id != user_id):
            raise PasskeyError
        if answer.response.user_handle and answer.response.user_handle != passkey.user_id.bytes:
            raise PasskeyError
        shown = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=user_id is None,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyError from error
    _count(passkey, shown.new_sign_count, at)
    return passkey.user_id


def _count(passkey: Passkey, count: int, at: datetime) -> None:
    """Keep the device's counter. Raises PasskeyError when another request, or a copy of the device, was ahead."""
    behind = Passkey.sign_count < count if count else Passkey.sign_count == 0
    kept = db.session().execute(
        sa.update(Passkey).where(Passkey.id == passkey.id, behind).values(sign_count=count, used_at=at)
    )
    if cast("sa.CursorResult[Any]", kept).rowcount != 1:
        raise PasskeyError


def _by_credential(credential_id: bytes) -> Passkey | None:
    return db.session().scalar(sa.select(Passkey).where(Passkey.credential_id == credential_id))


def _challenge(at: datetime) -> bytes:
    """Return the challenge of this browser; it stands in the signed cookie, as a page that is read may not write."""
    text, made_at = _of_cookie()
    if text is None or made_at is None or at - made_at > RENEW_AFTER:
        text = secrets.token_hex(32)
        cookie[CHALLENGE] = f"{text} {at.isoformat()}"
    return bytes.fromhex(text)


def _of_cookie() -> tuple[str | None, datetime | None]:
    text, _, made_at = str(cookie.get(CHALLENGE, "")).partition(" ")
    return (text, datetime.fromisoformat(made_at)) if made_at else (None, None)


def _spent(at: datetime) -> bytes | None:
    """Return the challenge of this browser and let nobody answer it again; None when it is old or was answered."""
    text, made_at = _of_cookie()
    cookie.pop(CHALLENGE, None)
    if text is None or made_at is None or at - made_at > GOOD_FOR:
        return None
    challenge_hash = hashlib.sha256(text.encode()).hexdigest()
    new = insert_new(SpentChallenge(challenge_hash=challenge_hash, spent_at=at))
    return bytes.fromhex(text) if new else None


def clean(*, at: datetime) -> None:
    """Forget challenges that are too old to be answered."""
    db.session().execute(sa.delete(SpentChallenge).where(SpentChallenge.spent_at < at - GOOD_FOR))
