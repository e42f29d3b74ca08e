"""Which of the three types fits a service: it follows from the scheme's own questions, and may be overruled."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import Registration, SchemeType


@dataclass(frozen=True, slots=True)
class Choice:
    """Yes or no to each of the three questions, and why another type was chosen than what follows from them."""

    buys_hosting: bool = False
    manages_servers: bool = False
    supplies_licences: bool = False
    reason: str = ""

    @property
    def fits(self) -> tuple[SchemeType, ...]:
        """Return the types that follow from the answers."""
        said = {
            SchemeType.HOSTING: self.buys_hosting,
            SchemeType.SERVER_MANAGEMENT: self.manages_servers,
            SchemeType.STANDARD_SOFTWARE: self.supplies_licences,
        }
        return tuple(one for one, yes in said.items() if yes)


UNASKED = Choice()


def chosen_type(choice: Choice, chosen: SchemeType | None) -> SchemeType:
    """Return the type of a service. chosen: by hand, None when it is to follow from the answers.

    Raises Refused when none or more than one follows and none was chosen, or when another one was chosen without a
    reason.
    Source: scheme.type; the questions of the scheme's own page.
    """
    if chosen is None:
        if not choice.fits:
            raise Refused(_l("No type follows from your answers. Choose one yourself, and tell why."), "chosen")
        if len(choice.fits) > 1:
            raise Refused(
                _l("More than one type fits. Register each service by itself: choose which one this is."), "chosen"
            )
        return choice.fits[0]
    if chosen not in choice.fits and not choice.reason.strip():
        raise Refused(_l("This type does not follow from your answers. Tell why you choose it."), "reason")
    return chosen


def note_choice(row: Registration, choice: Choice) -> None:
    """Keep the answers with the registration; the reason only where the type does not follow from them."""
    row.buys_hosting, row.manages_servers = choice.buys_hosting, choice.manages_servers
    row.supplies_licences = choice.supplies_licences
    row.type_reason = "" if row.scheme_type in choice.fits else choice.reason.strip()
