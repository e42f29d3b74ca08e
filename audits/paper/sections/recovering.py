"""What to do and in which order: the runbook, the day plan, the systems, the back-ups."""

from flask_babel import gettext as _
from flask_babel import ngettext

from audits.paper.document import Block, Section, table
from audits.paper.material import NOBODY, PaperMaterial
from audits.paper.sections.calling import told_within
from plans.audiences.queries import Informed
from plans.backup.forms import MADE_LABELS
from plans.fields import ITEM_FIELDS
from plans.handbook import Section as Chapter
from plans.handbook import item, of_section
from plans.keeping import HOLDS_LABELS
from plans.processes.impact import LABELS, STRETCHES, bearable
from plans.runbook.day_plan import as_clock
from plans.seats import ITEM_SEATS, TEAM_ITEM

PLACES = ("runbook.fallback-location", "runbook.reachability", "runbook.replacement-hardware")
EMPTY_BOX = "[   ]"


def runbook(material: PaperMaterial) -> Section:
    """Return the tasks of the team, the day plan, and where to work meanwhile."""
    return Section(
        "runbook",
        _("Recovery runbook"),
        _("Write down when each step began and ended: nobody remembers it afterwards."),
        _filled(
            (
                *(_signs(material), _tasks(material), _informed(material), day_plan(material)),
                *(*_answers(material, PLACES), _over(material)),
            )
        ),
        new_page=True,
    )


def _tasks(material: PaperMaterial) -> Block:
    rows = []
    for seat in ITEM_SEATS[TEAM_ITEM]:
        found = material.plan.assignments.get((TEAM_ITEM, seat.name))
        if found and (found.task or found.contact_id):
            rows.append((str(seat.label), material.name(found.contact_id), found.task))
    return table(
        ((_("Seat"), 20), (_("Who"), 20), (_("Task"), 55)),
        rows,
        title=_("Tasks of the team"),
        none=_("Nobody has a task yet."),
    )


def _signs(material: PaperMaterial) -> Block:
    texts = [one.text for one in material.base.signs if not one.ends]
    return table(
        ((_("No."), 6), (_("Sign"), 92)),
        [(str(number), text) for number, text in enumerate(texts, 1)],
        title=_("By which signs the plan is activated"),
        none=_("No sign has been written down yet."),
    )


def _over(material: PaperMaterial) -> Block:
    """Return when it is over, with a box to tick for each: nothing done for the time being may stay so by accident."""
    rows = [(one.text, EMPTY_BOX) for one in material.base.signs if one.ends]
    return table(((_("Sign"), 86), (_("So"), 8)), rows, title=_("It is over when"))


def _how(one: Informed) -> str:
    return " · ".join(part for part in (one.how, told_within(one.report_within_hours)) if part)


def _informed(material: PaperMaterial) -> Block:
    """Return who informs the audiences of the organisation's own; the other three stand in the call list."""
    rows = []
    for one in material.base.audiences:
        who, deputy = material.person(one.contact_id), material.person(one.deputy_id)
        names = " · ".join(part for part in (who.name if who else NOBODY, who.numbers if who else "") if part)
        rows.append((one.name, names, deputy.name if deputy else "", _how(one)))
    return table(
        ((_("Who is informed"), 26), (_("By whom"), 26), (_("Deputy"), 18), (_("How"), 30)),
        rows,
        title=_("Who else is informed"),
    )


def day_plan(material: PaperMaterial) -> Block:
    """Return the steps in order: who does each, on the clock, what runs beside it, and room to write in."""
    rows = []
    for one in material.base.day:
        step = one.step
        told = [step.text]
        if one.before:
            numbers = ", ".join(map(str, one.before))
            told.append(ngettext("After step %(numbers)s", "After steps %(numbers)s", len(one.before), numbers=numbers))
        if one.together:
            told.append(_("At the same time as: %(numbers)s", numbers=", ".join(map(str, one.together))))
        clock = f"{as_clock(one.begins)}–{as_clock(one.ends)}{'+' if one.at_least else ''}"
        back = " · ".join(part for part in (step.system or "", hours(step.rto_hours) if step.system else "") if part)
        rows.append((str(one.number), "\n".join(told), step.who or "", clock, back, EMPTY_BOX, EMPTY_BOX))
    return table(
        (
            (_("No."), 5), (_("Step"), 38), (_("Who does it"), 14), (_("Planned"), 11), (_("Brings back"), 15),
            (_("Begun"), 8), (_("Done"), 8),
        ),
        rows,
        title=_("Recovery day plan"),
        text=_("Planned is in hours and minutes after the start; + means that it may be later.") if rows else "",
        none=_("No recovery steps have been written yet."),
    )  # fmt: skip


def systems(material: PaperMaterial) -> Section:
    """Return departments and systems, first to be restored first."""
    plan = material.plan
    names = {one.id: one.name for one in plan.departments}
    users: dict[object, list[str]] = {}
    for department_id, system_id in plan.department_systems:
        users.setdefault(system_id, []).append(names.get(department_id, ""))
    last = len(plan.systems) + 1
    ordered = sorted(plan.systems, key=lambda one: (one.recovery_priority or last, one.name.casefold()))
    rows = [
        (
            str(one.recovery_priority or ""),
            one.name,
            hours(one.rto_hours),
            hours(one.rpo_hours),
            ", ".join(sorted(users.get(one.id, []), key=str.casefold)),
        )
        for one in ordered
    ]
    order = table(
        ((_("Order"), 8), (_("System"), 30), (_("Back within"), 15), (_("Data lost at most"), 15), (_("Used by"), 32)),
        rows,
        title=_("Systems in the order of recovery"),
        none=_("No systems have been named yet."),
    )
    blocks = (order, _departments(material), _impacts(material), _data(material))
    return Section("systems", _("Business processes"), "", blocks)


def _departments(material: PaperMaterial) -> Block:
    people = material.people
    rows = []
    for one in material.plan.departments:
        head = people.get(one.head_id) if one.head_id else None
        deputy = people.get(one.deputy_id) if one.deputy_id else None
        rows.append((one.name, head.name if head else "", head.numbers if head else "", deputy.name if deputy else ""))
    return table(
        ((_("Department"), 26), (_("Head of department"), 26), (_("Telephone"), 22), (_("Deputy"), 24)),
        rows,
        title=_("Departments"),
        phones=(2,),
    )


def _impacts(material: PaperMaterial) -> Block:
    rows = [
        (
            one.name,
            *(str(LABELS[level]) if level else "" for level in one.impacts),
            hours(bearable(one.impacts)),
        )
        for one in material.plan.departments
        if any(one.impacts)
    ]
    stretches = tuple((str(stretch.short), 14) for stretch in STRETCHES)
    return table(
        ((_("Department"), 18), *stretches, (_("Can bear"), 12)),
        rows,
        title=_("How bad an outage gets as it lasts"),
    )


def _data(material: PaperMaterial) -> Block:
    yes = _("Yes")
    rows = [
        (one.name, yes if one.attractive else "", yes if one.personal else "", one.protection)
        for one in material.plan.data_sets
    ]
    return table(
        ((_("Data set"), 28), (_("Attractive to others"), 16), (_("Personal data"), 14), (_("Protection"), 40)),
        rows,
        title=_("Data"),
    )


def backup(material: PaperMaterial) -> Section:
    """Return where the copies are, who keeps them and how one gets at them at night."""
    if any(not one.archived for one in material.base.copies):
        return Section("backup", _("Back-up"), "", (_copies(material),))
    blocks = _answers(material, tuple(one.id for one in of_section(Chapter.BACKUP)))
    return Section("backup", _("Back-up"), "", blocks)


def _copies(material: PaperMaterial) -> Block:
    """Return the copies in use, each with how to get at it; the key's place is told, never the key."""
    rows = []
    for one in (each for each in material.base.copies if not each.archived):
        person = material.person(one.keeper_id)
        keeper = " · ".join(part for part in (one.keeper, person.numbers if person else "") if part)
        night = ": ".join(part for part in (one.night_contact, one.night_how) if part)
        key = " · ".join(part for part in (one.encryption, one.key_place) if part)
        where = f"{one.location} ({_('off line')})" if one.offline and one.location else one.location
        back = str(ngettext("%(num)s day back", "%(num)s days back", one.kept_days)) if one.kept_days else ""
        made = str(MADE_LABELS[one.made_every]) if one.made_every else ""
        told = ", ".join(part for part in (str(HOLDS_LABELS[one.holds]), made, back) if part)
        rows.append((f"{one.name} ({told})", where, keeper, night, key))
    return table(
        ((_("Copy"), 22), (_("Where it is"), 20), (_("Who keeps it"), 20), (_("At night"), 20), (_("Key"), 18)),
        rows,
        title=_("Copies"),
    )


def _answers(material: PaperMaterial, item_ids: tuple[str, ...]) -> tuple[Block, ...]:
    """Return a table of these items with what was answered; items with fields that nobody filled in say so."""
    rows = [
        (item(one).title, material.base.told.get(one) or _("Not filled in yet"))
        for one in item_ids
        if one in ITEM_FIELDS or material.base.told.get(one)
    ]
    return (table(((_("What"), 32), (_("Answer"), 66)), rows),) if rows else ()


def _filled(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block.rows or block.text)


def hours(count: int | None) -> str:
    """Return a number of hours as people say it: in days where it is a whole number of them."""
    if count is None:
        return ""
    if count and count % 24 == 0:
        return str(ngettext("%(num)s day", "%(num)s days", count // 24))
    return str(ngettext("%(num)s hour", "%(num)s hours", count))
