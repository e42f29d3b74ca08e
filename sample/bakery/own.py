"""What the bakery made its own: two questions the handbook does not ask, and a system that began as a proposal."""

from core import db
from plans.handbook import Section
from plans.models import Answer, LineKind, OwnItem, OwnKind, StarterLine
from plans.own_items.ids import own_id
from sample.bakery.publishing import AUTHOR
from sample.bakery.registers import Book
from sample.days import Days


def fill(book: Book, days: Days) -> None:
    """Add an item that is answered, one that is not yet, and a proposal that was settled."""
    flour = OwnItem(
        section=Section.RUNBOOK,
        title="Hoe bakken we door als de ovens uitvallen?",
        help="Denk aan de bakkerij van een collega in de buurt.",
        kind=OwnKind.TEXT,
        interval_days=365,
        added_on=days.ago(200),
        added_by=AUTHOR,
    )
    cooling = OwnItem(
        section=Section.RUNBOOK,
        title="Wanneer is het noodaggregaat het laatst getest?",
        kind=OwnKind.DAY,
        interval_days=180,
        added_on=days.ago(120),
        added_by=AUTHOR,
    )
    db.session().add_all((flour, cooling))
    db.session().flush()
    db.session().add(
        Answer(
            item_id=own_id(flour.section, flour.id),
            values={"answer": "Bij bakkerij Zonneveld, twee nachten per week. Afgesproken met Piet."},
            answered_on=days.ago(40),
            answered_by=AUTHOR,
        )
    )
    db.session().add(
        StarterLine(
            line="bakery.system.till",
            kind=LineKind.SYSTEM,
            item_id="processes.priorities",
            row_id=next(iter(book.systems.values())),
            settled_on=days.ago(210),
        )
    )
    db.session().flush()
