"""Requests for continuity in the states that the sample has none of, for the table of pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from continuity.models import AskedBy, Client, ClientRequest, Registration, RequestRole
from continuity.requests import asking, deciding
from continuity.requests.asking import Asking
from continuity.requests.queries import conditions
from continuity.requests.states import Act
from continuity.requests.steps import move
from core import clock, db
from core.i18n import Language
from sample.foundation import SECRETARY

STATES = ("granted", "paid", "refused", "withdrawn", "exited", "ended", "false_alarm")
# Those that an organisation here has a page of its own of: each is one more cover on its home page.
OWN_STATES = ("granted", "refused", "withdrawn", "exited")
NAMES = MappingProxyType(
    {
        "granted": "Drukkerij Van der Meer en Zonen",
        "paid": "Fysiotherapie De Brug",
        "refused": "Garage Snel",
        "withdrawn": "Hoveniersbedrijf Groen",
        "exited": "Installatiebedrijf Warmte",
        "ended": "Juwelier Ster",
        "false_alarm": "Kapsalon Krul",
    }
)
WHY = "Het contract met Kabelrijk IT liep op 1 maart af. Hebt u een nieuwer contract? Stuur ons dan een kopie."


@dataclass(frozen=True, slots=True)
class _Way:
    """How a request comes to a state, a step at a time. today: the day on which all of it happens."""

    row: ClientRequest
    today: date

    def check(self) -> None:
        deciding.check(self.row, officer=SECRETARY, seen=self.row.version)

    def grant(self) -> None:
        self.check()
        found = conditions(self.row, Language.DUTCH)
        whys = {one.position: "Het bewijs volgt per post." for one in found if one.met_on is None}
        deciding.grant(self.row, whys, officer=SECRETARY, seen=self.row.version, at=clock.now())

    def refuse(self) -> None:
        self.check()
        deciding.refuse(self.row, WHY, officer=SECRETARY, seen=self.row.version, at=clock.now())

    def withdraw(self) -> None:
        said = "Wij hebben al een andere leverancier gevonden."
        asking.withdraw(self.row, RequestRole.CLIENT, by="Mila Bos", reason=said, seen=None, at=clock.now())

    def pay(self) -> None:
        self.grant()
        due = self.today + timedelta(days=7)
        # Asked twice: the first amount was wrong.
        for amount in ("95.00", "135.00"):
            seen = self.row.version
            deciding.ask_fee(
                self.row, Decimal(amount), due, officer=SECRETARY, seen=seen, today=self.today, at=clock.now()
            )
        deciding.record_paid(self.row, self.today, officer=SECRETARY, seen=self.row.version, today=self.today)

    def serve(self) -> None:
        self.pay()
        deciding.serve(self.row, "", officer=SECRETARY, seen=self.row.version, today=self.today, at=clock.now())

    def leave(self) -> None:
        self.serve()
        deciding.record_exit(self.row, self.today, officer=SECRETARY, seen=self.row.version, today=self.today)

    def close(self) -> None:
        self.serve()
        move(self.row, Act.CLOSE, RequestRole.SCHEME, by=SECRETARY)

    def alarm(self) -> None:
        said = "De rechtbank vernietigde het faillissement."
        move(self.row, Act.ALARM, RequestRole.SCHEME, by=SECRETARY, reason=said)
        self.row.reason = said


_TO: Mapping[str, Callable[[_Way], None]] = MappingProxyType(
    {
        "granted": _Way.grant,
        "paid": _Way.pay,
        "refused": _Way.refuse,
        "withdrawn": _Way.withdraw,
        "exited": _Way.leave,
        "ended": _Way.close,
        "false_alarm": _Way.alarm,
    }
)


def brought(owner: Registration, client: Client, state: str) -> ClientRequest:
    """Have a client that accepted ask, and bring its request to one of STATES, in the open scope of its supplier."""
    at = clock.now()
    today = clock.day_of(at)
    said = Asking(AskedBy.LINK, "Mila Bos", "Eigenaar", client.email, "Zonder dit systeem kunnen wij niet plannen.")
    row = asking.ask(owner, client, said, at=at, today=today)
    _TO[state](_Way(row, today))
    db.session().flush()
    return row
