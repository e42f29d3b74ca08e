"""What the cockpit's table shows of a client, ready to be written down: texts, marks and addresses.

Put together here, as a template that asks for each of them costs several times as much.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from flask import url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from audits.findings.texts import rule_title_in
from audits.portfolio.cockpit import Cockpit
from audits.portfolio.legs import LEG_LABELS, STATE_LABELS, ClientRow, Leg, LegState
from core.i18n import Language, day_text_in, language
from tenants.grants.reach import effective
from tenants.models import GrantLevel
from tenants.relations import Standing

LOOKS = {
    LegState.TO_DO: "leg-todo",
    LegState.UNFILLED: "leg-fill",
    LegState.ATTENTION: "leg-warn",
    LegState.DUE_SOON: "leg-soon",
    LegState.COMPLETE: "leg-good",
    LegState.NOT_JUDGED: "leg-quiet",
    LegState.NO_SCHEME: "leg-quiet",
    LegState.CLOSED: "leg-quiet",
}
# Stands for a client's short name in an address: nobody's short name has capitals.
SLUG = "SLUG"
DRAWN = 1_000
NOT_BEGUN = _l("Has not begun the plan yet")
CELL, FAULTS = Markup('<td class="{}">{}{}</td>'), Markup(" <b>{}</b>")


class Line(NamedTuple):
    """A client in the table. cells: of each leg its state and how many faults.

    in_calamity: its plan is at work now; judged_on: "" when it was judged when the others were; reason, lapsing: titles
    of items and duties.
    """

    address: str
    name: str
    only_to_look_at: bool
    in_calamity: bool
    judged_on: str
    cells: Markup
    reason: str
    lapses_on: str
    lapsing: str


def lines(cockpit: Cockpit, where: Standing) -> list[Line]:
    """Return the lines of a page of the cockpit, in the reader's language. where: in which place the reader stands."""
    address, read = url_for("audits.home", slug=SLUG), language()
    looks_only = {level: effective(where, level) is GrantLevel.VIEW for level in GrantLevel}
    return [
        Line(
            address.replace(SLUG, row.grant.slug),
            row.grant.name,
            looks_only[row.grant.level],
            row.grant.in_calamity,
            day_text_in(read, row.judged_on) if row.judged_on != cockpit.judged_on else "",
            _cells(read, row),
            _reason(read, row),
            day_text_in(read, row.lapses_on),
            rule_title_in(read, row.lapsing) if row.lapsing else "",
        )
        for row in cockpit.shown
    ]


def words() -> tuple[Mapping[Leg, str], Mapping[LegState, str]]:
    """Return what the legs and their states are called, in the reader's language."""
    return _words(language())


@cache
def _words(_read: Language) -> tuple[Mapping[Leg, str], Mapping[LegState, str]]:
    legs = {leg: str(label) for leg, label in LEG_LABELS.items()}
    return legs, {state: str(label) for state, label in STATE_LABELS.items()}


def _reason(read: Language, row: ClientRow) -> str:
    """Return the title of the worst, or what to call about where all of it is that nothing was begun."""
    if not row.begun and row.grant.plan and row.state is LegState.UNFILLED:
        return str(NOT_BEGUN)
    return rule_title_in(read, row.reason) if row.reason else ""


def _cells(read: Language, row: ClientRow) -> Markup:
    drawn = [_cell(read, state, _number(row, leg, state)) for leg, state in row.legs.items()]
    return Markup("".join(drawn))  # noqa: S704 -- cells as they were drawn


def _number(row: ClientRow, leg: Leg, state: LegState) -> int:
    """Return the number in the cell of a leg: faults that say that something is wrong, else those that wait for it."""
    if state is LegState.TO_DO:
        return row.counted[leg].faults - row.unfilled[leg]
    return row.unfilled[leg] if state is LegState.UNFILLED else 0


@lru_cache(DRAWN)
def _cell(_read: Language, state: LegState, faults: int) -> Markup:
    """Draw the cell of a leg in the reader's language: of the hundreds on a page few differ."""
    number = FAULTS.format(faults) if faults else ""
    return CELL.format(LOOKS[state], STATE_LABELS[state], number)
