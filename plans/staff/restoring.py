"""Let the draft of the staff instruction say again what a published version said. Nothing is published by it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.i18n import Language
from plans.errors import NotThere
from plans.fields import NO, YES
from plans.handbook import Section, of_section
from plans.items.queries import StoredAnswer, answers
from plans.items.services import AnswerValues, save_answer
from plans.staff.comparing import Draft, Piece, draft_now, draft_of
from plans.staff.queries import POLICY, lines, published
from plans.turns import expect_seen, seen, take_turn

ITEMS = tuple(item.id for item in of_section(Section.STAFF))


@dataclass(frozen=True, slots=True)
class DraftNow:
    """The draft as it stands, and a text that differs as soon as somebody saves a part of it."""

    draft: Draft
    seen: str


def current_draft(language: Language) -> DraftNow:
    """Return the draft of the open scope's organisation. language: of the organisation."""
    stored = answers(ITEMS)
    values = stored[POLICY].values if POLICY in stored else {}
    return DraftNow(draft_now(values, lines(stored), language), seen(stored.values()))


def take_back(version_id: UUID, told: str | None, *, language: Language, by: str, today: date) -> int:
    """Let the draft say what a version said; return how many parts that changed. Own words left out are kept.

    told: what the page showed of the draft; language: of the organisation. Raises NotThere, and EditConflict when
    somebody changed the draft in between. Source: handbook, staff.policy.
    """
    take_turn()
    version = published(version_id)
    if version is None:
        raise NotThere
    stored = answers(ITEMS)
    expect_seen(stored.values(), told)
    wanted, changed = draft_of(version, language), 0
    for item_id in ITEMS:
        row = stored.get(item_id)
        values = _policy(row, wanted.policy) if item_id == POLICY else _line(row, wanted.lines.get(item_id))
        if values != (dict(row.values) if row else {}):
            kept = (row.contact_id, row.party_id) if row else (None, None)
            save_answer(item_id, AnswerValues(values, *kept), by=by, today=today)
            changed += 1
    return changed


def _policy(row: StoredAnswer | None, piece: Piece) -> dict[str, str | int]:
    return _with(row, text=piece.own, translation=piece.translation)


def _line(row: StoredAnswer | None, piece: Piece | None) -> dict[str, str | int]:
    """Return the answer of a line. piece: None for a line that the version does not hold."""
    if piece is not None:
        return _with(row, included=YES, own_text=piece.own, own_translation=piece.translation)
    if row is not None and row.values.get("included") == YES:
        return _with(row, included=NO)
    return dict(row.values) if row else {}


def _with(row: StoredAnswer | None, **told: str) -> dict[str, str | int]:
    """Return the values of an answer with some of them replaced; what is empty is not kept."""
    values = {**(row.values if row else {}), **told}
    return {name: value for name, value in values.items() if value != ""}
