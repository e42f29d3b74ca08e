"""Ask a director, who needs no account for it, to approve the agreements about payments."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from core.i18n import Language, written_in
from plans.errors import NotThere, PlanError
from plans.payments import services
from plans.payments.queries import Agreements, agreements, directors
from plans.payments.services import Approver
from plans.turns import take_turn
from tenants.models import PersonalLink, PlanLink, Topic
from tenants.owned import EditConflict
from tenants.personal_links.matters import Gone, Shown
from tenants.personal_links.services import Question, Recipient, Sender, send


class ApproveForm(FlaskForm):  # type: ignore[misc]
    """Only the word that one approves."""


class PaymentsMatter:
    """Links by which a director approves the agreements. `subject_id` is the contact."""

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return the agreements, or None when they changed since or the person no longer speaks for the management."""
        found = _asked(link)
        if found is None:
            return None
        return Shown(
            _l("Do you approve these agreements about payments?"),
            "personal/payments.html",
            found,
            _l("I approve these agreements"),
        )

    def form(self) -> FlaskForm:
        """Return the form behind the button."""
        return ApproveForm()

    def answer(self, link: PersonalLink, form: FlaskForm, *, at: datetime, today: date) -> None:
        """Note the approval. Raises Gone when the agreements changed a moment ago."""
        take_turn()
        found = _asked(link)
        if found is None:
            raise Gone
        try:
            services.approve(found.digest, Approver(link.name, link.subject_id), at=at, today=today)
        except (EditConflict, PlanError):
            raise Gone from None


def ask(contact_id: UUID, sender: Sender, language: Language, *, at: datetime) -> PlanLink:
    """Mail a director a link by which they approve the agreements as they are now.

    language: of the organisation, for somebody whose own is not known. Raises NotThere when `contact_id` does not speak
    for the management, PlanError while something was not agreed yet, AccountError when no mail can be sent.
    """
    take_turn()
    person = next((one for one in directors() if one.id == contact_id), None)
    if person is None:
        raise NotThere
    found = agreements()
    if found.open:
        raise PlanError(_l("Answer all six agreements first."))
    with written_in(language):
        label = _("Agreements about payments")
    question = Question(Topic.PAYMENTS, person.id, label, fingerprint(found.digest, person.id))
    to = Recipient(person.name, person.email.strip().lower(), person.language or language)
    return send(PlanLink, question, to, sender, at=at)


def fingerprint(digest: str, contact_id: UUID) -> str:
    """Return a digest of what a director is asked: to approve exactly this."""
    return hashlib.sha256(f"{digest}\n{contact_id}".encode()).hexdigest()


def _asked(link: PersonalLink) -> Agreements | None:
    found = agreements()
    if link.fingerprint != fingerprint(found.digest, link.subject_id):
        return None
    return found if any(one.id == link.subject_id for one in directors()) else None
