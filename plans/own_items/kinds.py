"""How an own item is answered, in words: for its form and for versions of the plan."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.models import OwnKind

KIND_LABELS: Mapping[OwnKind, Any] = MappingProxyType(
    {
        OwnKind.TEXT: _l("In words"),
        OwnKind.DAY: _l("With a day"),
        OwnKind.YES_NO: _l("With yes or no"),
    }
)
