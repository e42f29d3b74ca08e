"""Under which id the answer and the waivers of an own item stand: that of its section, `own-` and its row."""

from uuid import UUID

from plans.handbook import Section

OWN = "own-"
# What rules call it: one rule judges all own items.
RULE = "own.item"
ANSWER = "answer"


def own_id(section: Section, row_id: UUID) -> str:
    """Return the item id of an own item; no item of the handbook begins its name with `own-`."""
    return f"{section.value}.{OWN}{row_id.hex}"


def row_of(name: str) -> UUID | None:
    """Return the row that the name of an item (its id without its section) tells, None for one of the handbook."""
    if not name.startswith(OWN):
        return None
    try:
        return UUID(hex=name.removeprefix(OWN))
    except ValueError:
        return None
