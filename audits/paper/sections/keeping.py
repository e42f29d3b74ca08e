"""What the organisation has, tells its staff, pays by, tests and still has to do."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from audits.findings.finding import FoundGap
from audits.findings.texts import section_titles
from audits.findings.words import SEVERITY_LABELS
from audits.paper.document import Block, Section, table
from audits.paper.material import PaperMaterial
from audits.status import item_states
from audits.workbooks import inventory as inventory_workbook
from core.i18n import day_text, euro_text, language, number_text
from core.sheets.cells import Kind, Toned
from core.sheets.writing import Sheet, Value
from plans.handbook import Section as Chapter
from plans.handbook import item, of_section
from plans.items.left_out import CurrentWaiver
from plans.own_items.ids import RULE as OWN_RULE
from plans.status import STATUS_LABELS
from plans.testing.forms import OUTCOME_LABELS

RESULTS_SHOWN = 40
WIDTHS = {Kind.DAY: 12, Kind.WHOLE: 8, Kind.MONEY: 11, Kind.YES_NO: 8}
TEXT_WIDTH = 18


def inventory(material: PaperMaterial) -> Section:
    """Return every record of the twelve registers, a table for each, without columns that nobody filled in."""
    found = bool(material.base.inventory)
    blocks = tuple(_sheet(one) for one in inventory_workbook.sheets(material.base)) if found else ()
    return Section("inventory", _("Inventory"), _inventory_intro(found), blocks, wide=found)


def _inventory_intro(found: bool) -> str:
    return str(_("Of keys only the first signs are shown.") if found else _("There are no records yet."))


def _sheet(sheet: Sheet) -> Block:
    rows = [tuple(cell(value) for value in row) for row in sheet.rows]
    kept = [nth for nth, _column in enumerate(sheet.columns) if any(row[nth] for row in rows)]
    headings = [(sheet.columns[nth].title, WIDTHS.get(sheet.columns[nth].kind, TEXT_WIDTH)) for nth in kept]
    return table(headings, [tuple(row[nth] for nth in kept) for row in rows], title=sheet.name)


def cell(value: Value) -> str:
    """Return the value of a sheet as a reader sees it."""
    if value is None:
        return ""
    if isinstance(value, Toned):
        return value.text
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, Decimal):
        return euro_text(value)
    if isinstance(value, date):
        return day_text(value)
    return number_text(value) if isinstance(value, (int, float)) else str(value)


def staff(material: PaperMaterial) -> Section:
    """Return the staff instruction as it was last published."""
    found = material.instruction
    if found is None:
        return Section("staff", _("Staff instruction"), _("No instruction has been published yet."))
    line = _("Version %(number)s, published on %(day)s", number=found.number, day=day_text(found.published_on))
    return Section("staff", _("Staff instruction"), line, (Block(text=found.text_in(language())),))


def payments(material: PaperMaterial) -> Section:
    """Return the agreements about payments."""
    told = material.base.told
    rows = [(one.title, told.get(one.id) or _("Not filled in yet")) for one in of_section(Chapter.PAYMENTS)]
    return Section("payments", _("Payments"), "", (table(((_("Agreement"), 32), (_("What was agreed"), 66)), rows),))


def tests(material: PaperMaterial) -> Section:
    """Return the newest results of tests, newest first, what is still open after them, and what is planned."""
    results = [one for group in material.plan.results.values() for one in group]
    newest = sorted(results, key=lambda one: (one.done_on, one.id), reverse=True)[:RESULTS_SHOWN]
    rows = [
        (day_text(one.done_on), item(one.item_id).title, str(OUTCOME_LABELS[one.outcome]), one.note) for one in newest
    ]
    block = table(
        ((_("Day"), 16), (_("Test"), 34), (_("Outcome"), 12), (_("Note"), 38)),
        rows,
        none=_("No test has been recorded yet."),
    )
    return Section("tests", _("Tests"), "", _filled((block, _open_after(material), _planned(material))))


def _open_after(material: PaperMaterial) -> Block:
    rows = [(day_text(one.due_on), one.what, one.owner) for one in material.base.follow_ups if one.closed_on is None]
    return table(
        ((_("To be done by"), 18), (_("What must be done"), 56), (_("Who does it"), 26)),
        rows,
        title=_("Still open after tests"),
    )


def _planned(material: PaperMaterial) -> Block:
    rows = [
        (day_text(one.planned_on), item(one.item_id).title, one.who)
        for one in material.base.planned
        if not one.archived and one.result_id is None
    ]
    return table(
        ((_("Planned on"), 18), (_("Test"), 56), (_("Who does it"), 26)),
        rows,
        title=_("Programme of tests"),
    )


def findings(material: PaperMaterial) -> Section:
    """Return what is wrong or lapses, worst first, and of what is not filled in yet the titles alone, by chapter."""
    gaps = [gap for gap in material.base.gaps if not gap.code.startswith("scheme.")]
    rows = [(str(SEVERITY_LABELS[gap.severity]), gap.title, gap.label, gap.text) for gap in gaps if not gap.unfilled]
    unfilled = _unfilled([gap for gap in gaps if gap.unfilled])
    block = table(
        ((_("How bad"), 14), (_("Item"), 28), (_("About"), 20), (_("What is wrong and what to do"), 40)),
        rows,
        none=_("Nothing that was filled in is wrong or has lapsed.")
        if unfilled.rows
        else _("Nothing is missing today."),
    )
    day = day_text(material.base.as_of)
    blocks = _filled((block, unfilled))
    return Section("findings", _("Open findings"), _("As judged on %(day)s.", day=day), blocks, new_page=True)


def _unfilled(gaps: Iterable[FoundGap]) -> Block:
    """Return the titles of what is not filled in yet, a line for each chapter: a young plan is not a list of faults."""
    titles: dict[str, dict[str, None]] = {}
    for gap in gaps:
        title = gap.label if gap.code == OWN_RULE else gap.title
        titles.setdefault(gap.code.partition(".")[0], {})[title] = None
    rows = [(chapter, "; ".join(titles[name])) for name, chapter in section_titles().items() if name in titles]
    return table(((_("Section"), 22), (_("Still to fill in"), 78)), rows, title=_("Not filled in yet"))


def everything(material: PaperMaterial) -> Section:
    """Return each item of the plan with its state and answer: nothing of the plan is left off the paper.

    What is not filled in yet is counted here; its titles stand under findings().
    """
    base = material.base
    left_out = {one.item_id: one for one in base.waivers if not one.part and one.starts_on <= base.as_of <= one.until}
    states = item_states(base.gaps, {item_id: one.until for item_id, one in left_out.items()}, base.own_ids)
    titles = section_titles()
    blocks = []
    for chapter in Chapter:
        rows, bare = [], 0
        for one in base.items:
            if one.section is chapter:
                waiver = left_out.get(one.id)
                answer = _left_out(waiver) if waiver else base.told.get(one.id, "")
                if answer or not states[one.id].unfilled:
                    rows.append((one.title, str(STATUS_LABELS[states[one.id].status]), answer))
                else:
                    bare += 1
        text = _("Not filled in yet: %(bare)s of %(total)s.", bare=bare, total=bare + len(rows)) if bare else ""
        headings = ((_("Item"), 36), (_("Status"), 14), (_("Answer"), 50))
        blocks.append(table(headings, rows, title=titles[chapter], text=text))
    return Section("everything", _("The whole plan, item by item"), "", _filled(blocks), new_page=True)


def _left_out(waiver: CurrentWaiver) -> str:
    day, name = day_text(waiver.until), waiver.approved_by
    return str(_("Left out until %(day)s, approved by %(name)s: %(reason)s", day=day, name=name, reason=waiver.reason))


def _filled(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block.rows or block.text)
