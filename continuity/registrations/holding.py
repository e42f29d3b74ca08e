"""Once the period of a scheme began, what its supplier recorded stands still: on it the foundation delivers.

Whoever still sits at the keys of a bankrupt supplier must not be able to take a client's right away, to send the
foundation's letters astray or to replace what was handed over. Source: rules 3.4 B2, B8; 3.6 H1; 3.7 T10.
"""

from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import Registration
from core import db
from plans.turns import take_turn

STANDS = _l("The period of this scheme began, so what you recorded stands. Tell the foundation what is different.")


def begun(owner: Registration) -> bool:
    """Tell whether the period began, read again in the turn that is taken here: it may have since the page was read."""
    take_turn()
    found = sa.select(Registration.declared_bankrupt_on).where(
        Registration.tenant_id == owner.tenant_id, Registration.id == owner.id
    )
    return db.session().scalar(found) is not None


def refuse_once_begun(owner: Registration) -> None:
    """Raise Refused once the period of `owner` began, whatever the page showed. Call it first: it takes the turn."""
    if begun(owner):
        raise Refused(STANDS)


def refuse_under(registration_id: UUID) -> None:
    """Do the same for what hangs under the registration of this id, in the open scope of its supplier."""
    query = sa.select(Registration).where(Registration.id == registration_id)
    refuse_once_begun(db.session().scalars(query).one())
