"""Steps of a scheme that one officer of its foundation may take."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from continuity.ending import services as ending
from continuity.errors import Refused
from continuity.models import By, CaseStage, Registration, SchemeState
from continuity.registrations.history import open_case
from continuity.registrations.states import ENDED, move
from continuity.requests.ending import end_requests
from continuity.requests.states import Act
from core import db
from plans.turns import take_turn
from tenants.scope import current_scope


def step(row: Registration, reached: SchemeState, reason: str, *, seen: int, today: date, at: datetime) -> None:
    """Take a step that one officer may take: active, suspended, running, closed, terminated.

    What clients asked ends when the scheme is closed. One on which clients rely is terminated after the last day that
    was announced to them, and not before.
    Raises EditConflict when somebody saved the registration since `seen`, Refused as the table of steps says.
    Source: rules 3.8.
    """
    row.expect_version(seen)
    take_turn()
    case = open_case(row)
    if reached in ENDED and case is not None and case.stage is not CaseStage.ACTIVATED:
        raise Refused(_l("Something was filed and is not settled. Decide on that first."))
    if reached is SchemeState.TERMINATED:
        ending.refuse_unannounced(row, today)
        ending.confirm(row, by=current_scope().actor.name, at=at)
    move(row, reached, By.FOUNDATION, reason=reason, today=today)
    if case is not None and reached is SchemeState.CLOSED:
        case.stage = CaseStage.CLOSED
        end_requests(row, Act.CLOSE, by=current_scope().actor.name, at=at)
    db.session().flush()
