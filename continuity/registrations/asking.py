"""Ask the upstream supplier or partner, which needs no account for it, whether it is willing to take part."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from continuity import fields
from continuity import queries as shared
from continuity.errors import Refused
from continuity.models import Counterparty, Registration
from continuity.registrations.states import ENDED, settle
from continuity.scheme import DELIVERS_ON_LABELS, TYPE_LABELS
from core import db
from core.i18n import Language
from plans.turns import take_turn
from tenants.errors import AccountError
from tenants.models import PersonalLink, SchemeLink, Topic
from tenants.personal_links.matters import Gone, Shown
from tenants.personal_links.services import Question, Recipient, Sender, revoke_about, send
from tenants.services import user_by_email

WILLING, NOT_WILLING = "yes", "no"


@dataclass(frozen=True, slots=True)
class AskedWilling:
    """What the page of a link tells: of which service, and what is asked."""

    service: str
    foundation: str
    type_label: Any
    promise: Any
    months: int


class WillingForm(FlaskForm):  # type: ignore[misc]
    """Yes or no of a counterparty, by whom."""

    verdict = RadioField(
        _l("Is your company willing?"),
        [InputRequired(_l("Choose one."))],
        choices=fields.offered(
            ((WILLING, _l("Yes, we are willing to sign with the foundation")), (NOT_WILLING, _l("No")))
        ),
    )
    name = fields.line(_l("Your name"), missing=_l("Fill in your name."), longest=90)
    function = fields.line(_l("Your function"), missing=_l("Fill in your function."), longest=90)
    why = fields.text(_l("Remarks, or why not"), longest=1000)

    @property
    def by(self) -> str:
        """Return who says it: name and function."""
        return f"{self.name.data}, {self.function.data}"


class WillingMatter:
    """Links by which a counterparty says whether it is willing. `subject_id` is the counterparty."""

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return what is asked, or None when the service, its foundation or the company is another one since."""
        found = _asked(link)
        if found is None:
            return None
        owner, _row = found
        about = AskedWilling(
            owner.service_name,
            shared.tenant_name(owner.foundation_id),
            TYPE_LABELS[owner.scheme_type],
            DELIVERS_ON_LABELS[owner.scheme_type],
            owner.duration_months,
        )
        return Shown(
            _l("Will you take part in this continuity scheme?"), "personal/willing.html", about, _l("Send my answer")
        )

    def form(self) -> FlaskForm:
        """Return the form behind the button."""
        return WillingForm()

    def answer(self, link: PersonalLink, form: Any, *, at: datetime, today: date) -> None:
        """Note the word of the counterparty, and let the state of the scheme follow. Raises Gone."""
        take_turn()
        found = _asked(link)
        if found is None:
            raise Gone
        owner, row = found
        if row.knows_on is None:
            row.knows_on, row.knows_by = today, form.by
        if form.verdict.data == WILLING:
            row.willing_on, row.willing_by = today, form.by
            row.refused_on, row.refused_by, row.refused_why = None, "", ""
        else:
            row.willing_on, row.willing_by = None, ""
            row.refused_on, row.refused_by, row.refused_why = today, form.by, form.why.data or ""
        settle(owner)
        db.session().flush()


def ask(owner: Registration, row: Counterparty, sender: Sender, language: Language, *, at: datetime) -> SchemeLink:
    """Mail the counterparty one link by which it says whether it is willing; an earlier one opens nothing any more.

    language: of a counterparty of whom no account here tells its own.
    Raises Refused for a scheme that ended or has no foundation yet, or when no mail can be sent.
    Source: scheme.partner-informed; rules 3.2 P4.
    """
    take_turn()
    if owner.state in ENDED:
        raise Refused(_l("This scheme has ended."))
    if owner.foundation_id is None:
        raise Refused(_l("Choose the foundation first: the counterparty signs with it."))
    revoke_about(SchemeLink, Topic.WILLING, row.id, at=at)
    question = Question(Topic.WILLING, row.id, owner.service_name, fingerprint(owner, row))
    email = row.email.strip().lower()
    account = user_by_email(email) if email else None
    own = (account.language if account else None) or language
    to = Recipient(row.contact_name or row.name, email, own)
    try:
        return send(SchemeLink, question, to, sender, at=at)
    except AccountError as error:
        raise Refused(error.text) from error


def take_back(row: Counterparty, *, at: datetime) -> None:
    """Take back the link that asks a counterparty: it opens nothing any more."""
    revoke_about(SchemeLink, Topic.WILLING, row.id, at=at)


def fingerprint(owner: Registration, row: Counterparty) -> str:
    """Return a digest of what is asked: of this company, about this service, with this foundation, for so long."""
    asked = (
        row.name,
        owner.service_name,
        owner.scheme_type.value,
        str(owner.foundation_id),
        str(owner.duration_months),
    )
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()


def _asked(link: PersonalLink) -> tuple[Registration, Counterparty] | None:
    found = _about(link.subject_id)
    return found if found is not None and link.fingerprint == fingerprint(*found) else None


def _about(counterparty_id: UUID) -> tuple[Registration, Counterparty] | None:
    query = (
        sa.select(Registration, Counterparty)
        .join(
            Counterparty,
            sa.and_(Counterparty.tenant_id == Registration.tenant_id, Counterparty.registration_id == Registration.id),
        )
        .where(
            Counterparty.id == counterparty_id,
            Counterparty.archived_at.is_(None),
            Registration.archived_at.is_(None),
            Registration.state.not_in(ENDED),
        )
    )
    row = db.session().execute(query).one_or_none()
    return None if row is None else (row[0], row[1])
