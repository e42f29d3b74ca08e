"""One organisation under way: where its rows go, and the ids that later rows name."""

from dataclasses import dataclass, field
from uuid import UUID

from sample.believable.dice import Dice
from sample.believable.rows import Row, Rows
from tenants.owned import TenantOwned


@dataclass(slots=True)
class Book:
    """An organisation that is being filled. domain: of its mail addresses; versions: how many of its plan are out."""

    tenant_id: int
    rows: Rows
    dice: Dice
    domain: str
    author: str = ""
    versions: int = 0
    contacts: list[UUID] = field(default_factory=list)
    staff: list[tuple[UUID, str]] = field(default_factory=list)
    parties: list[UUID] = field(default_factory=list)
    systems: list[tuple[UUID, str]] = field(default_factory=list)

    def add(self, model: type[TenantOwned], row: Row) -> UUID:
        """Add a row of this organisation and return its id."""
        return self.rows.add(model, self.tenant_id, self.dice, row)
