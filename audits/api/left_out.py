"""What is left out of the plan, and what is proposed to be, as programs read it."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.api.paging import Part, part_of
from audits.reach import reaches
from core import clock, db
from plans import handbook
from plans.models import Waiver, WaiverState
from plans.own_items.queries import own_items
from tenants.owned import Area
from tenants.tokens.door import caller

LEFT_OUT = "left-out"


class LeftOutState(StrEnum):
    """Whether it counts: left out; over, so that the item counts again; or proposed, so that it still does."""

    LEFT_OUT = "left_out"
    OVER = "over"
    PROPOSED = "proposed"


def list_left_out(part: Part) -> dict[str, Any]:
    """Answer what is left out of the open scope's plan and what waits for an owner, the oldest first."""
    if not reaches(Area.PLAN):
        return part_of(LEFT_OUT, [], part, _key)
    query = (
        sa.select(Waiver)
        .where(Waiver.ended_at.is_(None), Waiver.state.in_((WaiverState.APPROVED, WaiverState.PROPOSED)))
        .order_by(Waiver.id)
    )
    if after := part.after(LEFT_OUT):
        query = query.where(Waiver.id > UUID(after[0]))
    found = db.session().scalars(query.limit(part.limit + 1)).all()
    titles = {one.id: one.title for one in (*handbook.items(), *(own.item for own in own_items()))}
    return part_of(LEFT_OUT, [_told(row, titles.get(row.item_id, row.item_id)) for row in found], part, _key)


def _key(line: dict[str, Any]) -> tuple[str, ...]:
    return (str(line["id"]),)


def _told(row: Waiver, title: str) -> dict[str, Any]:
    approved = row.state is WaiverState.APPROVED
    over = row.until < clock.today(caller().zone)
    return {
        "id": row.id,
        "code": row.item_id,
        "title": title,
        "part": row.part,
        "state": LeftOutState.PROPOSED if not approved else LeftOutState.OVER if over else LeftOutState.LEFT_OUT,
        "reason": row.reason,
        "proposed_by": row.author,
        "proposed_on": row.proposed_on,
        "approved_by": (row.decided_by or row.author) if approved else None,
        "approved_on": row.starts_on if approved else None,
        "approved_alone": row.alone if approved else None,
        "until": row.until,
    }
