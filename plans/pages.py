"""The page of an item: the same frame for every item, with the panel of the way it is answered."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from plans import handbook
from plans.backup.panels import copies_panel
from plans.backup.queries import any_copies
from plans.guide.walking import walk, walking
from plans.handbook import SECTION_TITLES, Item, Section
from plans.help import HELP, PLAINLY, Why
from plans.items.forms import RefusalForm, WaiverForm, refusal_form, waiver_form
from plans.items.leaving_out import latest_until
from plans.items.left_out import CurrentWaiver, Proposal, leaving_out_of
from plans.items.panels import Opened, fields_panel, register_panel, seats_panel
from plans.items.parts import PARTY_LABELS, part_labels
from plans.items.shown import Shown
from plans.items.signing_in import WHY as SIGN_IN_WHY
from plans.own_items.ids import row_of
from plans.own_items.panels import own_panel
from plans.own_items.queries import asked, own_item, own_items
from plans.registers.cells import phone_text
from plans.runbook.panels import parties_panel, phones_panel, steps_panel, tasks_panel
from plans.seats import TEAM_ITEM
from plans.self_check.panels import data_sets_panel
from plans.shapes import Shape, shape_of
from plans.staff.panels import instruction_panel
from plans.status import NOT_JUDGED, ItemState, Remark, source
from plans.testing.panels import results_panel
from plans.turns import seen
from plans.upkeep.looking import open_looks
from plans.upkeep.panels import changes_panel, tailored_panel
from tenants.door import standing, today_here
from tenants.permissions import MEMBER_EDITORS

PANELS: Mapping[Shape, Callable[[Opened], Any]] = MappingProxyType(
    {
        Shape.FIELDS: fields_panel,
        Shape.SEATS: seats_panel,
        Shape.REGISTER: register_panel,
        Shape.DATA_SETS: data_sets_panel,
        Shape.TASKS: tasks_panel,
        Shape.PARTIES: parties_panel,
        Shape.PHONES: phones_panel,
        Shape.STEPS: steps_panel,
        Shape.INSTRUCTION: instruction_panel,
        Shape.RESULTS: results_panel,
        Shape.CHANGES: changes_panel,
        Shape.TAILORED: tailored_panel,
        Shape.COPIES: copies_panel,
        Shape.OWN: own_panel,
    }
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back to an item's page. conflict: somebody else saved first; refused: why a step was not taken.

    refusing: the proposal that `refusal` is about.
    """

    form: Any = None
    waiver: WaiverForm | None = None
    refusal: RefusalForm | None = None
    refusing: UUID | None = None
    conflict: bool = False
    refused: str = ""

    @property
    def status(self) -> int:
        """Return the status of the answer."""
        if self.conflict or self.refused:
            return 409
        return 200 if self.form is None and self.waiver is None and self.refusal is None else 422


FRESH = Sent()
OWN_WHY = _l("Somebody of your organisation added this question.")


def section_named(name: str) -> Section:
    """Return a section of the plan, or answer 404."""
    try:
        return Section(name)
    except ValueError:
        abort(404)


def item_named(section: str, name: str, shapes: Collection[Shape] = tuple(Shape)) -> Item:
    """Return an item of the plan that is answered in one of `shapes`, or answer 404."""
    item = handbook.by_id().get(f"{section}.{name}") or _own_named(section, name)
    if item is None or shape_of(item) not in shapes:
        abort(404)
    return item


def _own_named(section: str, name: str) -> Item | None:
    """Return an own item that is still asked."""
    row_id = row_of(name)
    found = own_item(section_named(section), row_id) if row_id else None
    return None if found is None or found.ended else found.item


def item_url(item: Item) -> str:
    """Return the address of an item's page."""
    return url_for("plans.item", section=item.section.value, name=item.name)


def page_number() -> int:
    """Return which page of a long list the address asks for, from 1; nonsense asks for the first."""
    asked = request.args.get("page", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def item_waiver_form(item: Item, **sent: Any) -> WaiverForm:
    """Return the form for leaving `item` or a part of it out; it proposes a year."""
    return waiver_form(latest_until(today_here()), part_labels(item), shown_waivers(item), **sent)


def shown_waivers(item: Item) -> list[CurrentWaiver | Proposal]:
    """Return what of `item` is left out, and what is proposed to be."""
    found = leaving_out_of(item.id)
    return [*found.waivers, *found.proposals]


def _shape_now(item: Item) -> Shape:
    """Return how an item is answered today: those of the back-up by the copies, once there are any."""
    return Shape.COPIES if item.section is Section.BACKUP and any_copies() else shape_of(item)


def item_page(item: Item, sent: Sent = FRESH) -> ResponseReturnValue:
    """Show an item, with what was sent and its mistakes when there are any."""
    states, today, shape = source().item_states(), today_here(), _shape_now(item)
    panel, leaving = PANELS[shape](_opened(item, sent, states, today)), leaving_out_of(item.id)
    shown: list[CurrentWaiver | Proposal] = [*leaving.waivers, *leaving.proposals]
    before, after = _beside(item)
    page = render_template(
        "plans/item.html",
        item=item,
        item_href=item_url(item),
        page_href=lambda number: url_for("plans.item", section=item.section.value, name=item.name, page=number),
        section_title=SECTION_TITLES[item.section],
        shape=shape.value,
        panel=panel,
        form=panel.form,
        conflict=sent.conflict,
        failed=sent.status != 200,
        own_people=standing().capacity in MEMBER_EDITORS,
        state=states.get(item.id, NOT_JUDGED),
        remarks=_each_once(states.get(item.id, NOT_JUDGED)),
        plainly=PLAINLY.get(item.id),
        why=HELP.get(item.id) or Why(panel.own.help or OWN_WHY, None),
        sign_in_why=SIGN_IN_WHY,
        looks=open_looks(item.id),
        stored=[Shown(one.author, one.reason) for one in shown] if sent.waiver else panel.stored,
        waivers=leaving.waivers,
        proposals=leaving.proposals,
        refused=leaving.refused,
        refusals={one.id: _refusal(one, sent) for one in leaving.proposals},
        refusing=sent.refusing,
        refused_step=sent.refused,
        waiver_form=_waiver_form(item, sent, shown),
        waiver_sent=sent.waiver is not None,
        parts_labels=dict(part_labels(item)),
        party_labels=PARTY_LABELS,
        phone_text=phone_text,
        today=today,
        walk=walk(item, states, asked(own_items()) if walking() else ()),
        before=before,
        after=after,
    )
    return page, sent.status


def _each_once(state: ItemState) -> list[Remark]:
    """Return the remarks without repeating: of who sits in several places without a task there is one for each."""
    return list({(str(one.text), one.status, one.record_id): one for one in state.remarks}.values())


def _opened(item: Item, sent: Sent, states: Mapping[str, ItemState], today: date) -> Opened:
    # In the team a deputy counts as much as the seat itself.
    wider = request.args.get("deputies") == "all" or item.id == TEAM_ITEM
    conflict, drafted = sent.conflict and sent.waiver is None, request.args.get("draft") == "yes"
    return Opened(item, today, states, sent.form, conflict, wider, page_number(), drafted)


def _refusal(one: Proposal, sent: Sent) -> RefusalForm:
    """Return the form that refuses a proposal, with what was sent and its mistakes."""
    if sent.refusal is not None and sent.refusing == one.id:
        return sent.refusal
    return refusal_form(one.id, formdata=None)


def _waiver_form(item: Item, sent: Sent, left_out: Collection[CurrentWaiver | Proposal]) -> WaiverForm:
    """Return the form that leaves the item out; one that was overtaken counts from what the page shows now."""
    if sent.waiver is None:
        return waiver_form(latest_until(today_here()), part_labels(item), left_out, formdata=None)
    if sent.conflict:
        sent.waiver.left_out.data = seen(left_out)
    return sent.waiver


def _beside(item: Item) -> tuple[Item | None, Item | None]:
    """Return the items before and behind one of the handbook; an own item stands by itself."""
    all_items = handbook.items()
    if item not in all_items:
        return None, None
    place = all_items.index(item)
    return (all_items[place - 1] if place else None), (all_items[place + 1] if place + 1 < len(all_items) else None)
