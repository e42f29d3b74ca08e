"""What rows of a list and invitations are told to be."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tenants.clients.queries import InvitationState
from tenants.clients.reading import Line, Problem

PROBLEMS: Mapping[Problem, Any] = MappingProxyType(
    {
        Problem.NO_NAME: _l("There is no name."),
        Problem.LONG_NAME: _l("The name has more than 200 characters."),
        Problem.NO_EMAIL: _l("There is no e-mail address."),
        Problem.WRONG_EMAIL: _l("This is not an e-mail address."),
        Problem.WRONG_KVK: _l("A KvK number has eight digits."),
        Problem.CLIENT: _l("This client gave you access already."),
        Problem.INVITED: _l("This client was invited already."),
    }
)
# Colour, icon and words.
INVITATION_MARKS: Mapping[InvitationState, tuple[str, str, Any]] = MappingProxyType(
    {
        InvitationState.OPEN: ("soon", "clock", _l("Waits for an answer")),
        InvitationState.STALE: ("warn", "alert-triangle", _l("Too old, send it again")),
        InvitationState.ACCEPTED: ("good", "circle-check", _l("Gave access")),
        InvitationState.WITHDRAWN: ("quiet", "circle-minus", _l("Withdrawn")),
    }
)


def told(line: Line) -> str:
    """Return what there is to say about a row, "" when all is well."""
    if line.problem is Problem.TWICE:
        return str(_("The same client stands in row %(row)s.", row=line.first))
    if line.problem is not None:
        return str(PROBLEMS[line.problem])
    if line.mended:
        return str(_("The spreadsheet dropped the zeros in front of the KvK number. We put them back."))
    return ""
