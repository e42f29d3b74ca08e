"""Ask whoever keeps a copy, who needs no account for it, whether they still have it."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from core import db
from core.i18n import Language
from plans.backup.services import Seen, record_sighting
from plans.errors import NotThere
from plans.inputs import NumberBox
from plans.keeping import HOLDS_LABELS
from plans.models import BackupCopy, Contact, CopyOf, ExternalParty, Sighted
from plans.turns import known, take_turn
from plans.versions.current import current_version
from tenants.models import PersonalLink, PlanLink, Topic
from tenants.personal_links.matters import Gone, Shown
from tenants.personal_links.services import Question, Recipient, Sender, send
from tenants.services import user_by_email


@dataclass(frozen=True, slots=True)
class AskedCopy:
    """What the page of a link says of a copy."""

    name: str
    holds: Any
    location: str


class StillHereForm(FlaskForm):  # type: ignore[misc]
    """The word that it is still there, and of a copy of the plan which version it is."""

    plan_version = NumberBox(
        _l("Which version of the plan lies there?"),
        description=_l("The number stands on its first page. Leave this empty when you cannot look inside."),
    )
    newest = 0

    def validate_plan_version(self, field: Any) -> None:
        """Refuse a version that was never made."""
        if field.data is not None and not 1 <= field.data <= self.newest:
            raise ValidationError(_l("There is no such version of the plan."))


class CopyMatter:
    """Links by which a keeper says that they still have a copy. `subject_id` is the copy."""

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return the copy, or None when it was put away, moved or given to somebody else since."""
        row = _row(link)
        if row is None:
            return None
        about = AskedCopy(row.name, HOLDS_LABELS[row.holds], row.location)
        without = () if row.holds is CopyOf.PLAN else ("plan_version",)
        heading, button = _l("Do you still have this copy?"), _l("Yes, I have just seen it")
        return Shown(heading, "personal/copy.html", about, button, without)

    def form(self) -> FlaskForm:
        """Return the form behind the button."""
        form = StillHereForm()
        form.newest = current_version() or 0
        return form

    def answer(self, link: PersonalLink, form: Any, *, at: datetime, today: date) -> None:
        """Note that the keeper saw the copy, and which version. Raises Gone when it changed a moment ago."""
        take_turn()
        row = _row(link)
        if row is None:
            raise Gone
        firm = known(ExternalParty, row.party_id) if row.party_id else None
        version = form.plan_version.data if "plan_version" in form else None
        seen = Seen(Sighted.THERE, by=firm.name if firm else "", contact_id=row.keeper_id, plan_version=version)
        record_sighting(row.id, seen, today=today, at=at)


def ask(copy: BackupCopy, sender: Sender, language: Language, *, at: datetime) -> PlanLink:
    """Mail the keeper of a copy a link by which they say that they still have it.

    language: of the organisation, for a keeper whose own is not known. Raises NotThere when the copy was put away or
    nobody keeps it, AccountError when no mail can be sent. Source: handbook, backup.offsite-data.
    """
    take_turn()
    if copy.archived_at is not None:
        raise NotThere
    name, email = _keeper(copy)
    account = user_by_email(email) if email else None
    own = (account.language if account else None) or language
    question = Question(Topic.COPY, copy.id, copy.name, fingerprint(copy))
    return send(PlanLink, question, Recipient(name, email, own), sender, at=at)


def _keeper(copy: BackupCopy) -> tuple[str, str]:
    person = known(Contact, copy.keeper_id) if copy.keeper_id else None
    if person is not None and person.archived_at is None:
        return person.name, person.email.strip().lower()
    firm = known(ExternalParty, copy.party_id) if copy.party_id else None
    if firm is not None and firm.archived_at is None:
        return firm.contact_name or firm.name, firm.email.strip().lower()
    raise NotThere


def _row(link: PersonalLink) -> BackupCopy | None:
    """Return the copy a link is about while it still asks the same of the same keeper."""
    found = db.session().scalar(
        sa.select(BackupCopy)
        .where(BackupCopy.id == link.subject_id, BackupCopy.archived_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return found if found is not None and fingerprint(found) == link.fingerprint else None


def fingerprint(row: BackupCopy) -> str:
    """Return a digest of what a keeper is asked: who, what and where."""
    told = (row.keeper_id, row.party_id, row.holds.value, row.name, row.location)
    return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()
