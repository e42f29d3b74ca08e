"""Which papers there are, for whom, and what stands on each: a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.paper.document import Section
from audits.paper.material import PaperMaterial
from audits.paper.models import PaperKind
from audits.paper.sections import calling, keeping, recovering
from core.file_names import plain


@dataclass(frozen=True, slots=True)
class Variant:
    """A paper for somebody. template: its lay-out in paper/; sections: in the order of its pages."""

    kind: PaperKind
    title: Any
    purpose: Any
    template: str
    sections: tuple[Callable[[PaperMaterial], Section], ...]


_r, _k = recovering, keeping
VARIANTS: Mapping[PaperKind, Variant] = MappingProxyType(
    {
        variant.kind: variant
        for variant in (
            Variant(
                PaperKind.ALL,
                _l("The whole plan"),
                _l("For the folder: whom to call, what to do, and everything that was written down."),
                "plan",
                (
                    calling.calling,
                    _r.runbook,
                    _r.backup,
                    _r.systems,
                    _k.staff,
                    _k.payments,
                    _k.tests,
                    _k.findings,
                    _k.inventory,
                    _k.everything,
                ),
            ),
            Variant(
                PaperKind.CARD,
                _l("Call card"),
                _l("For a pocket or the inside of a cupboard: the numbers, and nothing else."),
                "card",
                (calling.card,),
            ),
            Variant(
                PaperKind.IT,
                _l("For IT"),
                _l("For whoever brings the systems back: numbers, steps, back-ups, systems and inventory."),
                "plan",
                (calling.calling, _r.runbook, _r.backup, _r.systems, _k.tests, _k.inventory),
            ),
            Variant(
                PaperKind.MANAGEMENT,
                _l("For the management"),
                _l("For whoever decides and pays: numbers, steps, priorities, payments, tests and what is missing."),
                "plan",
                (calling.calling, _r.runbook, _r.systems, _r.backup, _k.payments, _k.tests, _k.findings),
            ),
            Variant(
                PaperKind.STAFF,
                _l("For staff"),
                _l("For everybody: whom to call first, and the staff instruction."),
                "plan",
                (calling.first_contact, _k.staff),
            ),
        )
    }
)
KIT_TITLE = _l("Offline kit")


def title_of(kind: PaperKind) -> str:
    """Return what a paper of this kind is called."""
    return str(KIT_TITLE if kind is PaperKind.KIT else VARIANTS[kind].title)


def file_of(kind: PaperKind) -> str:
    """Return what a paper is called as a file in the kit, in the language it is written in."""
    return f"{plain(title_of(kind))}.pdf"
