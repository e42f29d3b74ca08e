"""Changes to one's own account: another address to sign in with, confirmed at that address, told to the old one."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db, mail
from core.i18n import Language
from core.ids import new_id
from tenants import links, services, trail
from tenants.errors import AccountError
from tenants.mail import letters
from tenants.models import LinkPurpose, User
from tenants.oidc.services import unlink

PAGE = "account.email_confirm"
LETTERS_AN_HOUR = 3
KINDS = ("email_confirmation", "email_taken")


def ask_email_change(user: User, email: str, language: Language, *, at: datetime) -> None:
    """Write to the new address; nothing changes before it is confirmed there.

    Whether somebody else has that address is told to nobody but them.
    Raises AccountError when it is the present one, or was written to too often.
    """
    if email == user.email:
        raise AccountError(_l("This is your e-mail address already."), "email")
    if sum(mail.queued_since(email, kind, at - timedelta(hours=1)) for kind in KINDS) >= LETTERS_AN_HOUR:
        raise AccountError(_l("Too many letters were sent to this address just now. Wait an hour."), "email")
    links.end(LinkPurpose.EMAIL_CHANGE, user.id, at=at)
    other = services.user_by_email(email)
    about = user.id if other is None else new_id()
    token = links.make(LinkPurpose.EMAIL_CHANGE, about=about, email=email, at=at)
    until = at + links.LIFE[LinkPurpose.EMAIL_CHANGE]
    if other is not None:
        letters.email_taken(email, other.language or language, until=until)
        return
    link = links.address(PAGE, token)
    letters.email_confirmation(email, user.language or language, name=user.name, link=link, until=until)


def change_email(user: User, email: str, language: Language, *, at: datetime) -> bool:
    """Let `user` sign in with `email` from now on and tell the old address.

    Who they are at the sign-in page of an organisation is linked anew: it was linked by the address that goes. Return
    whether there was such a link. The mailed link must have been used up just before, in this transaction.
    Raises AccountError when somebody has the address by now.
    """
    before = user.email
    if services.user_by_email(email) is not None:
        raise AccountError(_l("Somebody uses this e-mail address already."), "email")
    user.email, user.bounced_at, user.bounce_status = email, None, ""
    try:
        db.session().flush()
    except sa.exc.IntegrityError:
        raise AccountError(_l("Somebody uses this e-mail address already."), "email") from None
    links.end_all(user.id, at=at)
    unlinked = unlink(user.id)
    letters.email_changed(before, user.language or language, name=user.name)
    trail.account_event(user.id, "email.changed", email=[before, email])
    return unlinked
