"""What states and moves of a request are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.room.course import Move, RequestState
from tenants.engagements import Phase

STATE_LABELS: Mapping[RequestState, Any] = MappingProxyType(
    {
        RequestState.OPEN: _l("Waits for an answer"),
        RequestState.ANSWERED: _l("Answered"),
        RequestState.ACCEPTED: _l("Accepted"),
        RequestState.SENT_BACK: _l("Sent back"),
        RequestState.WITHDRAWN: _l("Withdrawn"),
    }
)
# What somebody did, with their name before it.
MOVE_LABELS: Mapping[Move, Any] = MappingProxyType(
    {
        Move.ASK: _l("%(who)s asked for this"),
        Move.ANSWER: _l("%(who)s answered"),
        Move.ACCEPT: _l("%(who)s accepted the answer"),
        Move.SEND_BACK: _l("%(who)s sent the answer back"),
        Move.WITHDRAW: _l("%(who)s withdrew the request"),
    }
)
PHASE_LABELS: Mapping[Phase, Any] = MappingProxyType(
    {Phase.RUNNING: _l("Running"), Phase.COMING: _l("Still to begin"), Phase.ENDED: _l("Ended")}
)
