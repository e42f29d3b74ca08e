"""Codes of an authenticator app: six digits for each 30 seconds, each step good for one sign-in.

Source: RFC 6238 (TOTP); 5.2 asks that a code is accepted once.
"""

import hmac
import re
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pyotp
import sqlalchemy as sa

from core import db
from core.vault import SealError, platform_open, platform_seal
from tenants.models import TotpFactor, User

STEP = 30
# A phone's clock may be half a minute off.
STEPS_OFF = (0, -1, 1)
ISSUER = "Waarborg"
OFFER = "totp.offer"
# How long somebody may take to set up the app.
OFFER_GOOD_FOR = timedelta(minutes=30)


def new_secret() -> str:
    """Return 160 random bits in base 32."""
    return pyotp.random_base32()


def step_at(at: datetime) -> int:
    """Return the number of the 30 seconds in which `at` lies."""
    return int(at.timestamp()) // STEP


def code_of(secret: str, step: int) -> str:
    """Return the six digits of `secret` in `step`."""
    return pyotp.TOTP(secret).generate_otp(step)


def step_of(secret: str, typed: str, *, at: datetime) -> int | None:
    """Return the step around `at` whose code was typed, the newest of several, or None."""
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    fitting = [step_at(at) + off for off in STEPS_OFF if hmac.compare_digest(code_of(secret, step_at(at) + off), code)]
    return max(fitting, default=None)


def spend(user_id: UUID, typed: str, *, at: datetime) -> bool:
    """Tell whether the person's app shows this code now, and let nobody use its step again.

    Of two racing requests with the same code one is told yes.
    """
    factor = db.session().get(TotpFactor, user_id)
    step = step_of(factor.secret, typed, at=at) if factor else None
    if step is None:
        return False
    spent = db.session().execute(
        sa.update(TotpFactor).where(TotpFactor.user_id == user_id, TotpFactor.last_step < step).values(last_step=step)
    )
    return cast("sa.CursorResult[Any]", spent).rowcount == 1


def offer(user: UUID, secret: str, *, at: datetime) -> str:
    """Return `secret` sealed for the form that sets it up: nothing is kept before the person showed a code."""
    return platform_seal(f"{user} {at.isoformat()} {secret}", OFFER).hex()


def offered(user: UUID, sealed: str, *, at: datetime) -> str | None:
    """Return the secret that was offered to this person a short while ago, or None."""
    try:
        whose, offered_at, secret = platform_open(bytes.fromhex(sealed), OFFER).split(" ")
    except (SealError, ValueError):
        return None
    fresh = at - datetime.fromisoformat(offered_at) < OFFER_GOOD_FOR
    return secret if whose == str(user) and fresh else None


def address_of(secret: str, user: User) -> str:
    """Return the otpauth address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)


def picture(address: str) -> str:
    """Return a QR code of `address` as a data URI (SVG, dark on white in every colour scheme)."""
    import segno  # for one page only

    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff"))


def grouped(secret: str) -> str:
    """Return `secret` in groups of four, to be typed over."""
    return " ".join(re.findall(".{1,4}", secret))
