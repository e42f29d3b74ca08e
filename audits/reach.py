"""How far the open scope reaches into what was judged: a grant or engagement may open the plan or the scheme alone."""

from collections.abc import Mapping

import sqlalchemy as sa

from tenants.owned import Area
from tenants.scope import current_scope, is_scoped

# Codes of duties begin with this word, codes of handbook items never do.
SCHEME = "scheme."
WHOLE = frozenset({Area.PLAN, Area.CONTINUITY})


def open_areas() -> frozenset[Area]:
    """Return which of the two judged areas the open scope reads. Raises LockError when no scope is open."""
    return WHOLE & current_scope().reads


def reaches(area: Area) -> bool:
    """Tell whether the open scope reads `area`."""
    return area in current_scope().reads


def sees(code: str) -> bool:
    """Tell whether the open scope may see what was judged under the item or duty `code`."""
    return reaches(area_of(code))


def area_of(code: str) -> Area:
    """Return the area that the item or duty `code` is about."""
    return Area.CONTINUITY if code.startswith(SCHEME) else Area.PLAN


def within(column: sa.orm.InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a row with this code of a rule lies in the areas the open scope reads."""
    return about(open_areas(), column)


def about(opened: frozenset[Area], column: sa.orm.InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a row with this code of a rule is about one of the areas `opened`."""
    if opened == WHOLE:
        return sa.true()
    duty = column.startswith(SCHEME, autoescape=True)
    return duty if opened == {Area.CONTINUITY} else ~duty if opened == {Area.PLAN} else sa.false()


def seen_titles(titles: Mapping[str, str]) -> dict[str, str]:
    """Return those sections that the open scope reads; none on a page without one, such as a refusal.

    titles: by the first word of the rules' codes.
    """
    if not is_scoped():
        return {}
    opened = open_areas()
    return {section: title for section, title in titles.items() if area_of(f"{section}.") in opened}
