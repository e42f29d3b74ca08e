"""The legs a registration stands on: its duties, how far each is, and the page where it is worked on."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from continuity.models import Registration
from continuity.scheme import Duty, of_type
from plans.status import ItemState, Status

DUTY_PAGES = {
    "scheme.type": "continuity.registration_edit",
    "scheme.framework-agreement": "continuity.agreements",
    "scheme.partner-chosen": "continuity.counterparty_edit",
    "scheme.partner-informed": "continuity.counterparty_edit",
    "scheme.supply-agreement": "continuity.agreements",
    "scheme.beneficiary-deed": "continuity.deeds",
    "scheme.acceptances": "continuity.clients",
    "scheme.documentation": "continuity.handovers",
    "scheme.logins": "continuity.handovers",
    "scheme.other-information": "continuity.handovers",
    "scheme.communication": "continuity.registration",
    "scheme.period": "continuity.registration",
    "scheme.funding": "continuity.money",
}
# These show without changing; the others are forms, for editors.
READING_PAGES = frozenset(
    {
        "continuity.agreements",
        "continuity.deeds",
        "continuity.clients",
        "continuity.handovers",
        "continuity.registration",
    }
)
IN_ORDER = frozenset({Status.COMPLETE, Status.LEFT_OUT, Status.DUE_SOON})
UNJUDGED = ItemState(Status.TO_DO)


@dataclass(frozen=True, slots=True)
class Leg:
    """One duty of a registration with its state."""

    duty: Duty
    state: ItemState
    page: str

    @property
    def readable(self) -> bool:
        """Tell whether its page is for readers too."""
        return self.page in READING_PAGES

    @property
    def settled(self) -> bool:
        """Tell whether nobody has to look at it: in order, and not to lapse soon."""
        return self.state.status in (Status.COMPLETE, Status.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Stand:
    """All legs of a registration, in the scheme's order."""

    legs: tuple[Leg, ...]

    @property
    def done(self) -> int:
        """Return how many legs are in order, or will lapse soon but still hold."""
        return sum(leg.state.status in IN_ORDER for leg in self.legs)

    @property
    def status(self) -> Status:
        """Return the worst state among the legs: a scheme is as strong as its weakest one."""
        return max((leg.state.status for leg in self.legs), key=list(Status).index)


def stand(registration: Registration, states: Mapping[tuple[UUID, str], ItemState]) -> Stand:
    """Return the legs of `registration`. A duty nobody judged yet counts as to do."""
    return Stand(
        tuple(
            Leg(duty, states.get((registration.id, duty.id), UNJUDGED), DUTY_PAGES[duty.id])
            for duty in of_type(registration.scheme_type)
        )
    )
