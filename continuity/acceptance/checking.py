"""Check the conditions of the deed off, one by one, for one client."""

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _l

from continuity.acceptance import queries
from continuity.errors import Refused
from continuity.models import Acceptance, ConditionCheck, DeedVersion
from continuity.registrations.holding import refuse_under
from continuity.registrations.keeping import keep_added, kept
from core import db
from plans.turns import take_turn


def check_as_supplier(
    row: Acceptance, deed: DeedVersion, position: int, met_on: date | None, *, by: str, today: date
) -> None:
    """Note as the supplier what `check_condition` does. Raises Refused as that does, and once the period began."""
    refuse_under(deed.registration_id)
    there = queries.checks(row)
    with kept(deed.registration_id, row, *there.values()):
        check_condition(row, deed, position, met_on, by=by, today=today)
    added = [one for position, one in queries.checks(row).items() if position not in there]
    keep_added(deed.registration_id, *added)


def check_condition(
    row: Acceptance, deed: DeedVersion, position: int, met_on: date | None, *, by: str, today: date
) -> None:
    """Note that a condition was met on a day, or is open again (None).

    position: from 0. Raises Refused when the acceptance has ended, there is no such condition, or the day lies ahead.
    Source: scheme.acceptances; rules 3.4 B6.
    """
    take_turn()
    if row.ended_on is not None:
        raise Refused(_l("This acceptance has ended."))
    if not 0 <= position < len(deed.conditions):
        raise Refused(_l("There is no such condition."))
    if met_on is not None and met_on > today:
        raise Refused(_l("This day is still to come."))
    found = queries.checks(row)
    if not found and row.conditions_met_on is not None:
        # Met as a whole, before conditions were checked one by one.
        found = {each: _add(row, each, row.conditions_met_on, row.accepted_by) for each in range(len(deed.conditions))}
    one = found.get(position)
    if one is None:
        found[position] = _add(row, position, met_on, by)
    elif one.met_on != met_on:
        one.met_on, one.checked_by = met_on, by
    row.conditions_met_on = all_met_on(len(deed.conditions), [each.met_on for each in found.values()])
    db.session().flush()


def all_met_on(total: int, days: Iterable[date | None]) -> date | None:
    """Return the day since which every one of `total` conditions is met, None while one is open."""
    met = [day for day in days if day is not None]
    return max(met) if total and len(met) >= total else None


def _add(row: Acceptance, position: int, met_on: date | None, by: str) -> ConditionCheck:
    check = ConditionCheck(
        tenant_id=row.tenant_id, acceptance_id=row.id, position=position, met_on=met_on, checked_by=by
    )
    db.session().add(check)
    return check
