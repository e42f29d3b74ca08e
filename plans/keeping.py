"""What a copy of the back-up holds and how it is kept safe, in words: for answers, copies, versions and workbooks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.models import CopyOf, Keeping

HOLDS_LABELS: Mapping[CopyOf, Any] = MappingProxyType(
    {
        CopyOf.DATA: _l("Data"),
        CopyOf.LICENCES: _l("Licence data"),
        CopyOf.INSTALLERS: _l("Installation files"),
        CopyOf.PLAN: _l("The plan itself"),
    }
)
KEEPING_LABELS: Mapping[Keeping, Any] = MappingProxyType(
    {
        Keeping.SAFE: _l("In a safe at the owner's or a manager's"),
        Keeping.SPECIALIST: _l("At a firm that does this, such as a back-up service"),
        Keeping.ENTRUSTED: _l("At our accountant's, notary's or bank"),
        Keeping.RELATIVE: _l(
            "With family or somebody we trust at another address, locked away or in a sealed envelope"
        ),
        Keeping.OTHER: _l("Otherwise"),
    }
)
ASK_KEEPING = _l(
    "Ask whoever makes the back-up: where does our copy lie, and who can get at it? Save what you do know and go on; "
    "this question stays on the list. Is there no copy elsewhere yet? A disk in a sealed envelope with your accountant "
    "or with family at another address is a good beginning."
)
ASK_MAKER = _l("Ask whoever makes the back-up. Save what you do know and go on; this question stays on the list.")
