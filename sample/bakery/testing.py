"""What the bakery tested, when, and how it went."""

from dataclasses import dataclass
from decimal import Decimal

from core import db
from plans.models import Outcome, TestResult, TestResultSystem
from plans.shapes import RESTORE
from sample.bakery.registers import SHOP, Book
from sample.days import Days


@dataclass(frozen=True, slots=True)
class Done:
    """One test. ago: days; cost: euro."""

    item_id: str
    ago: int
    outcome: Outcome
    by: str
    note: str
    party: str = ""
    cost: Decimal | None = None


RESULTS = (
    Done("testing.weekend-call", 349, Outcome.PASSED, "Fatima El Amrani",
         "Zaterdag 21.40 uur gebeld, na twaalf minuten een monteur aan de lijn.", "NetVast IT"),
    Done("testing.supplier-expectations", 198, Outcome.RECORDED, "Fatima El Amrani",
         "Buiten kantooruren alleen spoed: kassa's, server en internet. Reactie binnen vier uur.", "NetVast IT"),
    Done("testing.costs", 198, Outcome.RECORDED, "Fatima El Amrani",
         "Avondtarief per uur, met een half uur voorrijkosten.", "NetVast IT", Decimal("142.50")),
    Done("testing.fallback-work", 29, Outcome.FAILED, "Mo Yildiz",
         "Ovens en werkbank in orde, maar bij Bakkerij Van Os is geen mobiel bereik: pinnen lukte niet."),
    Done("testing.phishing", 92, Outcome.PASSED, "NetVast IT",
         "Acht mails gestuurd, één keer geklikt; degene die klikte meldde het zelf meteen."),
    Done("testing.walk-in", 383, Outcome.PASSED, "Joost Pieters",
         "Onbekende kwam tot de deur van het kantoor en werd daar aangesproken."),
)  # fmt: skip
# Days ago of each restore, and what was found.
RESTORES = (
    (481, "Alle bestanden en de kassadatabase teruggezet; drie uur werk."),
    (118, "Teruggezet op een leenserver van NetVast IT in 2 uur en 35 minuten. Kassa-omzet van één dag ontbrak."),
)


def fill(book: Book, days: Days) -> None:
    """Add the results. The web shop came after the last restore and was not part of it."""
    for done in RESULTS:
        db.session().add(
            TestResult(
                item_id=done.item_id,
                done_on=days.ago(done.ago),
                outcome=done.outcome,
                done_by=done.by,
                party_id=book.parties[done.party] if done.party else None,
                cost=done.cost,
                note=done.note,
            )
        )
    for ago, note in RESTORES:
        restore = TestResult(
            item_id=RESTORE, done_on=days.ago(ago), outcome=Outcome.PASSED, done_by="Ruben Visser", note=note
        )
        db.session().add(restore)
        db.session().flush()
        db.session().add_all(
            TestResultSystem(test_result_id=restore.id, system_id=system_id)
            for name, system_id in book.systems.items()
            if name != SHOP
        )
    db.session().flush()
