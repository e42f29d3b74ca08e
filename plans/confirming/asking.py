"""Ask people and firms, who need no account for it, whether what is held about them is still right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from core.i18n import Language
from plans.confirming import services
from plans.confirming.forms import FORMS, RIGHT
from plans.confirming.queries import Held, Whom, held
from plans.errors import NotThere
from plans.turns import take_turn
from tenants.errors import AccountError
from tenants.models import PersonalLink, PlanLink, Topic
from tenants.personal_links.matters import Gone, Shown
from tenants.personal_links.queries import OpenLink, newest_about
from tenants.personal_links.services import Question, Recipient, Sender, send

TOPIC_OF = {Whom.CONTACT: Topic.CONTACT, Whom.PARTY: Topic.PARTY}
# Nobody is asked the same again sooner than so long after the mail before.
ASK_AGAIN_AFTER = timedelta(days=14)
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class HeldMatter:
    """Links by which somebody says whether what is held about them is right. `subject_id` is the contact or party."""

    whom: Whom

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return what is held, or None when it changed since or was put away."""
        found = self._asked(link)
        if found is None:
            return None
        return Shown(_l("Is this still right?"), "personal/held.html", found, _l("Send my answer"))

    def form(self) -> FlaskForm:
        """Return the form behind the button."""
        form: FlaskForm = FORMS[self.whom]()
        return form

    def answer(self, link: PersonalLink, form: Any, *, at: datetime, today: date) -> None:
        """Note that all is right, or keep what changed as a proposal. Raises Gone when it changed a moment ago."""
        take_turn()
        found = self._asked(link)
        if found is None:
            raise Gone
        if form.verdict.data == RIGHT:
            services.confirm(found, today=today)
        else:
            services.propose(found, form.values(), form.note.data or "", by=link.name, today=today)

    def _asked(self, link: PersonalLink) -> Held | None:
        found = next(iter(held(self.whom, [link.subject_id])), None)
        return found if found is not None and found.fingerprint == link.fingerprint else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one press of the button did. lately: were asked the same a moment ago; refused: have no usable address."""

    sent: int
    lately: Sequence[str]
    refused: Sequence[str]


def ask(whom: Whom, ids: Sequence[UUID], sender: Sender, language: Language, *, at: datetime) -> Asked:
    """Mail each of `ids` one link, the first MOST_AT_ONCE of them. language: of who has none of their own.

    Raises NotThere when one of them is not there. Source: handbook, upkeep.contacts and upkeep.licences.
    """
    take_turn()
    people = held(whom, ids)
    if {one.id for one in people} != set(ids):
        raise NotThere
    open_links, sent = newest_about(PlanLink, TOPIC_OF[whom]), 0
    lately, refused = [], []
    for one in people[:MOST_AT_ONCE]:
        if _asked_lately(one, open_links.get(one.id), at):
            lately.append(one.name)
            continue
        question = Question(TOPIC_OF[whom], one.id, one.name, one.fingerprint)
        try:
            send(PlanLink, question, Recipient(one.greeting, one.email, one.language or language), sender, at=at)
        except AccountError:
            refused.append(one.name)
        else:
            sent += 1
    return Asked(sent, lately, refused)


def _asked_lately(one: Held, link: OpenLink | None, at: datetime) -> bool:
    same = link is not None and link.fingerprint == one.fingerprint and link.works(at)
    return same and link is not None and link.sent_at + ASK_AGAIN_AFTER > at
