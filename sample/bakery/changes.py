"""What the bakery changed in its registers lately, so that there is something to take back."""

import sqlalchemy as sa

from core import db
from plans.models import Asset, AssetKind
from plans.registers import services
from plans.registers.columns import register
from plans.registers.undo.services import Record
from sample.days import Days


def fill(days: Days) -> None:
    """Change a few records as somebody would in the table."""
    machines = db.session().execute(
        sa.select(Asset.name, Asset.id).where(Asset.kind.in_((AssetKind.SERVER, AssetKind.OFFICE_PC)))
    )
    ids = dict(machines.all())
    for slug, name, column, value, ago in (
        ("office-pcs", "Kantoor Henk", "location", "Kantoor boven", 3),
        ("servers", "HALM-SRV1", "supplier", "NetVast IT", 1),
    ):
        found = register(slug)
        services.change_row(found, ids[name], {column: value}, version=None, record=Record(days.at(ago)))
