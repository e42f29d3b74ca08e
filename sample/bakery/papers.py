"""What the bakery printed and downloaded: a paper of its first version, and a kit that lies in a safe."""

from audits.paper.models import KitCopy, Paper, PaperKind
from core import db
from core.i18n import Language
from plans.versions.queries import newest_version
from sample.bakery.publishing import AUTHOR, OWNER
from sample.bakery.registers import Book
from sample.days import Days


def fill(book: Book, days: Days) -> None:
    """Add a paper, a kit and where its copy is."""
    version = newest_version()
    assert version is not None
    db.session().add(_paper(PaperKind.ALL, version.number - 1, version.digest, days, 200))
    kit = _paper(PaperKind.KIT, version.number, version.digest, days, 57)
    db.session().add(kit)
    db.session().flush()
    db.session().add(
        KitCopy(
            paper_id=kit.id,
            medium="Rode USB-stick",
            place="Kluis thuis bij Henk, Lindelaan",
            keeper_id=book.contacts[OWNER],
            kept_on=days.ago(56),
            recorded_by=AUTHOR,
        )
    )
    db.session().flush()


def _paper(kind: PaperKind, version: int, digest: str, days: Days, ago: int) -> Paper:
    return Paper(
        kind=kind,
        languages=Language.DUTCH.value,
        plan_version=version,
        changed=False,
        digest=digest,
        made_at=days.at(ago, 16),
        made_by=OWNER,
    )
