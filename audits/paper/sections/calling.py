"""Whom to call: page one of every paper."""

from collections.abc import Iterator

from flask_babel import gettext as _

from audits.paper.document import Block, Section, table
from audits.paper.material import NOBODY, Firm, PaperMaterial, number
from core.i18n import hours_text
from plans.models import PartyKind
from plans.registers.people import PARTY_KINDS
from plans.seats import HOLDER, ITEM_SEATS, TEAM_ITEM

FIRST = ("runbook.first-contact", "runbook.activation")
SPEAKERS = ("runbook.external-voice", "runbook.informing")
OFFICERS = "runbook.internal-officers"

# Task, who, numbers, deputy, numbers of the deputy.
Row = tuple[str, str, str, str, str]


def calling(material: PaperMaterial) -> Section:
    """Return the call list: first contact, team with deputies, external parties, other people who are needed."""
    return Section(
        "calling",
        _("Whom to call"),
        _("Call from the top. Nobody answers? Then the deputy."),
        (_team(material), firms(material), _officers(material)),
    )


def card(material: PaperMaterial) -> Section:
    """Return the call list as it fits on a card: without the officers."""
    rows = []
    for task, who, phones, deputy, deputy_phones in (*_contacts(material), *_team_rows(material)):
        rows.append((task, who, phones))
        if deputy:
            rows.append((_("Deputy"), deputy, deputy_phones))
    team = table(((_("Task"), 32), (_("Who"), 36), (_("Telephone"), 32)), rows, phones=(2,))
    return Section("calling", _("Whom to call"), "", (team, firms(material)))


def first_contact(material: PaperMaterial) -> Section:
    """Return whom members of staff call: the first contact and the IT administrator, and nobody's private number."""
    rows = list(_seat_rows(material, ("runbook.first-contact",)))
    rows += [
        (_("IT administrator"), _named(firm), number(firm.phone), "", "")
        for firm in material.firms
        if firm.kind is PartyKind.IT_ADMINISTRATOR
    ]
    return Section("calling", _("Whom to call"), "", (_people_table(rows, ""),))


def _team(material: PaperMaterial) -> Block:
    return _people_table([*_contacts(material), *_team_rows(material), *_audience_rows(material)], _("Team"))


def _contacts(material: PaperMaterial) -> list[Row]:
    return list(_seat_rows(material, FIRST))


def _team_rows(material: PaperMaterial) -> list[Row]:
    return list(_seat_rows(material, (TEAM_ITEM, *SPEAKERS)))


def _audience_rows(material: PaperMaterial) -> Iterator[Row]:
    """Yield a row for each audience of the organisation's own that somebody informs."""
    for one in material.base.audiences:
        who, deputy = material.person(one.contact_id), material.person(one.deputy_id)
        if who or deputy:
            yield (
                _("Informs: %(name)s", name=one.name),
                who.name if who else NOBODY,
                who.numbers if who else "",
                deputy.name if deputy else "",
                deputy.numbers if deputy else "",
            )


def _people_table(rows: list[Row], title: str) -> Block:
    return table(
        ((_("Task"), 22), (_("Who"), 24), (_("Telephone"), 20), (_("Deputy"), 20), (_("Telephone of the deputy"), 20)),
        rows,
        title=title,
        phones=(2, 4),
        none=_("Nobody has been named yet."),
    )


def _seat_rows(material: PaperMaterial, item_ids: tuple[str, ...]) -> Iterator[Row]:
    """Yield a row for each filled seat of these items."""
    titles = {
        "runbook.first-contact": _("First contact"),
        "runbook.activation": _("Decides to activate the plan"),
        "runbook.external-voice": _("Speaks to the outside"),
    }
    for item_id in item_ids:
        for seat in ITEM_SEATS[item_id]:
            found = material.plan.assignments.get((item_id, seat.name))
            if found is None or not (found.contact_id or found.deputy_id):
                continue
            holder, deputy = material.person(found.contact_id), material.person(found.deputy_id)
            label = titles.get(item_id, str(seat.label)) if seat.name == HOLDER else str(seat.label)
            yield (
                label,
                holder.name if holder else NOBODY,
                holder.numbers if holder else "",
                deputy.name if deputy else "",
                deputy.numbers if deputy else "",
            )


def told_within(hours: int | None) -> str:
    """Return how soon somebody must hear of an incident, "" where nothing was agreed."""
    return _("tell within %(hours)s", hours=hours_text(hours)) if hours else ""


def firms(material: PaperMaterial) -> Block:
    """Return the external parties with their numbers, the four that every plan names first."""
    kinds = {choice.value: str(choice.label) for choice in PARTY_KINDS}
    rows = [
        (
            kinds[firm.kind],
            _named(firm),
            number(firm.phone),
            " · ".join(part for part in (firm.reference, told_within(firm.report_within_hours)) if part),
        )
        for firm in material.firms
    ]
    return table(
        ((_("Kind"), 18), (_("Who"), 34), (_("Telephone"), 20), (_("Number or reference"), 20)),
        rows,
        title=_("External parties"),
        phones=(2,),
        none=_("No external party has been named yet."),
    )


def _named(firm: Firm) -> str:
    return " · ".join(part for part in (firm.name, firm.contact_name) if part)


def _officers(material: PaperMaterial) -> Block:
    rows = []
    for seat in ITEM_SEATS[OFFICERS]:
        found = material.plan.assignments.get((OFFICERS, seat.name))
        person = material.person(found.contact_id) if found else None
        if person:
            rows.append((person.name, person.job_title, person.numbers))
    return table(
        ((_("Who"), 34), (_("Job title"), 30), (_("Telephone"), 26)), rows, title=_("Internal officers"), phones=(2,)
    )
