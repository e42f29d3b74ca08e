"""Changes for a lost password: ask for a link, choose a new one."""

from datetime import datetime, timedelta

from core import db, mail
from core.i18n import Language
from core.ids import new_id
from tenants import links, services
from tenants.mail import letters
from tenants.models import LinkPurpose, MailedLink, User
from tenants.sign_in.services import set_password

PAGE = "reset.choose"
# So often is one address written to: a stranger cannot fill somebody's mailbox from here.
LETTERS_AN_HOUR = 3


def ask(email: str, language: Language, *, at: datetime) -> None:
    """Write to `email`: with a link when it has an account, else that it has none.

    language: of the page, for people who chose none. An address with and without account costs the same work: a
    link, a letter and a row in the outbox.
    """
    if mail.queued_since(email, letters.RESET, at - timedelta(hours=1)) >= LETTERS_AN_HOUR:
        return
    user = services.user_by_email(email)
    known = user if user is not None and user.disabled_at is None else None
    token = links.make(LinkPurpose.RESET, about=known.id if known else new_id(), email=email, at=at)
    until = at + links.LIFE[LinkPurpose.RESET]
    written = (known.language if known else None) or language
    address = links.address(PAGE, token)
    if known is None:
        letters.no_account(email, written, until=until)
    else:
        letters.reset(email, written, link=address, until=until)


def person_of(link: MailedLink) -> User | None:
    """Return who may choose a password by `link`; None when they are disabled, or no longer have that address."""
    user = db.session().get(User, link.about)
    return user if user is not None and user.disabled_at is None and user.email == link.email else None


def choose(user: User, password: str, *, at: datetime) -> None:
    """Give `user` a new password. The link must have been used up just before, in this transaction.

    Every session and every other link of the person ends; a second factor stays what it is.
    Raises WeakPassword when it would be guessed.
    """
    set_password(user, password, by="reset", at=at)
