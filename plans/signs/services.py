"""Write the signs of a calamity down, change them, put them away."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import db
from core.ids import new_id
from plans.errors import NotThere, PlanError
from plans.models import ActivationSign
from plans.turns import expect_seen, known, take_turn

TEXT_LENGTH = 500
AT_MOST = 30
# What to begin with; to be overwritten.
EXAMPLES = (
    _l("All screens show that files are locked, or somebody asks for money to open them."),
    _l("Several people cannot reach the server or the internet, and it lasts longer than half an hour."),
    _l("The till, the orders or the telephone are down during opening hours."),
    _l("A device with customer data is stolen or lost."),
    _l("The building may not be entered: fire, water or no power."),
    _l("Money was paid to an account that is not the supplier's."),
)


# How one knows that it is over, and what is put back before. To be overwritten too.
END_EXAMPLES = (
    _l("Everything on our list of systems works again, and each department tried it."),
    _l("What was written on paper meanwhile has been entered: orders, payments, hours."),
    _l("Calls and mail come in as before; forwarding is switched off."),
    _l("What we borrowed or hired has been given back, without our data on it."),
)


def add_sign(text: str, *, ends: bool = False, row_id: UUID | None = None) -> None:
    """Add a sign after the others. ends: that it is over; row_id: chosen when the page was made; twice adds one.

    Raises PlanError when there are AT_MOST of them. Source: handbook, runbook.activation.
    """
    take_turn()
    if known(ActivationSign, row_id) is None:
        _append([text], ends=ends, row_id=row_id)


def add_examples(texts: Sequence[str], *, ends: bool = False) -> int:
    """Add those of `texts` that are not there yet; return how many. Raises PlanError when they do not fit."""
    take_turn()
    there = {row.text for row in _open()}
    return _append([text for text in texts if text not in there], ends=ends)


def change_sign(sign_id: UUID, text: str, *, ends: bool = False, seen: str | None = None) -> None:
    """Change a sign. Raises NotThere, and EditConflict when somebody else changed it in between."""
    take_turn()
    row = _sign(sign_id)
    expect_seen([row], seen)
    row.text, row.ends = text, ends
    db.session().flush()


def put_away(sign_id: UUID, *, at: datetime) -> None:
    """Put a sign away. Raises NotThere."""
    take_turn()
    _sign(sign_id).archived_at = at
    db.session().flush()


def _append(texts: Sequence[str], *, ends: bool, row_id: UUID | None = None) -> int:
    rows = _open()
    if len(rows) + len(texts) > AT_MOST:
        raise PlanError(_l("At most %(most)s signs: nobody reads a longer list.", most=AT_MOST), "text")
    last = max((row.position for row in rows), default=0)
    for number, text in enumerate(texts, last + 1):
        db.session().add(ActivationSign(id=row_id or new_id(), position=number, ends=ends, text=text))
    db.session().flush()
    return len(texts)


def _open() -> list[ActivationSign]:
    return list(db.session().scalars(sa.select(ActivationSign).where(ActivationSign.archived_at.is_(None))))


def _sign(sign_id: UUID) -> ActivationSign:
    for row in _open():
        if row.id == sign_id:
            return row
    raise NotThere
