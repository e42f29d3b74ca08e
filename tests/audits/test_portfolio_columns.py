"""The portfolio workbook tells each field of what is known of a client: change one, and a cell changes."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from flask import Flask

from audits.judging.severity import Severity
from audits.portfolio import workbook
from audits.portfolio.legs import ClientRow, Counted, Leg, LegState
from core.i18n import Language, written_in
from tenants.grants.reach import ClientGrant
from tenants.models import GrantLevel

pytestmark = pytest.mark.once

# What no reader of the workbook needs: which row it is here, and where its page stands.
# The last two are told by the page alone: the workbook counts as it did.
INTERNAL = {"client_id", "slug", "unfilled", "begun"}
GRANT = ClientGrant(
    7,
    "halm",
    "De Halm",
    "01234567",
    GrantLevel.VIEW,
    plan=True,
    continuity=True,
    ends_at=datetime(2027, 1, 1, tzinfo=UTC),
    in_calamity=True,
)
PLAN = Counted(1, 2, 3, "backup.offsite-data")
ROW = ClientRow(
    GRANT,
    date(2026, 11, 22),
    dict.fromkeys(Leg, LegState.COMPLETE) | {Leg.PLAN: LegState.TO_DO},
    dict.fromkeys(Leg, Counted()) | {Leg.PLAN: PLAN},
    dict.fromkeys(Leg, 0),
    True,
    LegState.TO_DO,
    4,
    1,
    2,
    Severity.FAULT,
    "backup.offsite-data",
    date(2027, 2, 1),
    "testing.restore",
)
OTHERS: Mapping[str, Any] = {
    "name": "Rivaal",
    "kvk": "76543210",
    "level": GrantLevel.EDIT,
    "plan": False,
    "continuity": False,
    "ends_at": None,
    "in_calamity": False,
    "judged_on": date(2026, 11, 21),
    "legs": dict.fromkeys(Leg, LegState.ATTENTION),
    "state": LegState.ATTENTION,
    "tonight": 5,
    "faults": 6,
    "warnings": 7,
    "notices": 8,
    "code": "testing.restore",
    "worst": Severity.WARNING,
    "reason": "scheme.logins",
    "lapses_on": None,
    "lapsing": "scheme.funding",
}


def cells(row: ClientRow) -> list[Any]:
    acting = {(7, "backup.offsite-data"): "Anna"}
    return [
        tuple(told)
        for sheet in (workbook._legs([row], acting), workbook._clients([row], acting))
        for told in sheet.rows
    ]


def changed(name: str) -> Iterator[tuple[str, ClientRow]]:
    """Yield the row with the field of this name changed, wherever one is."""
    holders: tuple[NamedTuple, ...] = (ROW, GRANT, PLAN)
    for holder in holders:
        if name in holder._fields:
            other = holder._replace(**{name: OTHERS[name]})
            if isinstance(other, ClientGrant):
                yield "grant", ROW._replace(grant=other)
            elif isinstance(other, Counted):
                yield "counted", ROW._replace(counted=dict(ROW.counted) | {Leg.PLAN: other})
            else:
                yield "row", other  # type: ignore[misc]


def test_every_field_has_another_value_to_be_tried_with() -> None:
    fields = {*ClientRow._fields, *ClientGrant._fields, *Counted._fields} - {"grant", "counted"}
    assert fields - INTERNAL == set(OTHERS)


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_each_field_changes_a_cell(app: Flask, name: str) -> None:
    with app.test_request_context(), written_in(Language.ENGLISH):
        told = cells(ROW)
        tried = [(where, cells(row)) for where, row in changed(name)]
    assert tried
    assert not [where for where, found in tried if found == told]
