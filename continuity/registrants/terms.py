"""What a foundation chooses for all its registrants: its notice, how soon it answers, and when is reminded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from continuity.ending.telling import MATTER, USUAL_DAYS
from continuity.errors import Refused
from continuity.models import FoundationTerms
from continuity.requests.thresholds import DAYS
from core import db
from plans.turns import take_turn
from tenants import trail
from tenants.scope import current_scope

# What can be told of, with the days that are usual.
USUAL: Mapping[str, Sequence[int]] = MappingProxyType(
    {MATTER: USUAL_DAYS, **{matter.value: days for matter, days in DAYS.items()}}
)
# Of a request that began a week ago nobody is told two months before; more letters are read by nobody.
EARLIEST, LATEST, MOST = -60, 30, 5


@dataclass(frozen=True, slots=True)
class TermsValues:
    """What was chosen. days: by matter, from the last day that is in time: before it negative."""

    notice_months: int
    answer_days: int
    days: Mapping[str, Sequence[int]]


def save_terms(values: TermsValues, *, seen: int) -> None:
    """Choose the terms of the foundation in the open scope; what is usual is not kept.

    seen: the version of what the page showed, 0 for nothing. Raises EditConflict when somebody saved since; Refused
    when a day lies out of bounds, and where an announced end, or the end of a period, would not be told of before it.
    """
    take_turn()
    foundation_id = current_scope().only_tenant
    row = db.session().get(FoundationTerms, foundation_id, populate_existing=True)
    if row is not None:
        row.expect_version(seen)
    days = {name: sorted(set(values.days[name])) for name in USUAL}
    for name, chosen in days.items():
        _refuse_days(name, chosen)
    kept = {name: chosen for name, chosen in days.items() if tuple(chosen) != tuple(USUAL[name])}
    if row is None:
        row = FoundationTerms(foundation_id=foundation_id)
        db.session().add(row)
    row.notice_months, row.answer_days, row.days = values.notice_months, values.answer_days, kept
    trail.record("foundation.terms", notice_months=row.notice_months, answer_days=row.answer_days, days=kept)
    db.session().flush()


def _refuse_days(name: str, chosen: Sequence[int]) -> None:
    if not 1 <= len(chosen) <= MOST or chosen[0] < EARLIEST or chosen[-1] > LATEST:
        raise Refused(_l("Fill in one to five days, at most 60 before and 30 after."), name)
    if name in (MATTER, "leave") and chosen[0] >= 0:
        raise Refused(_l("At least one of these days has to come before the last one."), name)
