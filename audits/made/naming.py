"""What the reports are called that can be made: every workbook, and what is more than one."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.made.rights import PACK, PORTFOLIO, TRAIL, shows
from audits.workbooks import REPORTS
from tenants.relations import Standing


@dataclass(frozen=True, slots=True)
class Named:
    """A report by name. purpose: one sentence on what it is for; background: never made while somebody waits."""

    name: str
    title: Any
    purpose: Any
    background: bool = False


MORE = (
    Named(TRAIL, _l("Trail"), _l("Everything that was done, by whom and when, up to and including the day."), True),
    Named(
        PORTFOLIO,
        _l("Portfolio"),
        _l("A row for each client and leg, with the worst finding, and how many clients stand how."),
        True,
    ),
    Named(
        PACK,
        _l("Engagement pack"),
        _l("One zip with all workbooks and the evidence, a list of fingerprints, and a checker that works offline."),
        True,
    ),
)
ALL = (*(Named(one.name, one.title, one.purpose) for one in REPORTS), *MORE)
NAMED = {one.name: one for one in ALL}


def title_of(name: str) -> str:
    """Return what a report is called in the language of the reader; its own name when it is made no more."""
    return str(NAMED[name].title) if name in NAMED else name


def more_for(standing: Standing) -> list[Named]:
    """Return what somebody who stands there may have beside the workbooks of what is open to them."""
    return [one for one in MORE if shows(one.name, standing) is not None]
