"""The form of a copy asks what fits what it holds, and keeps what was told."""

import re

import pytest
from wtforms.fields.core import UnboundField

from plans.backup import services
from plans.backup.forms import GROUPS, ONLY_OF, CopyForm
from plans.backup.queries import copies
from plans.backup.services import CopyValues
from plans.models import CopyOf, Keeping, MadeEvery
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, add_system

COPIES = "/o/bakery/plan/backup/copies"
OFFICE = {"holds": "plan", "name": "Envelope", "location": "At the notary's", "off_site": "y"}


def test_every_question_stands_on_the_page(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        add_system("Till")
    shown = visitor(cast.editor).get(f"{COPIES}/new").get_data(as_text=True)
    every = {name for name, one in vars(CopyForm).items() if isinstance(one, UnboundField)}
    assert len(every) > 20
    assert every - set(re.findall(r'name="(\w+)"', shown)) == set()
    assert {name for group in GROUPS for name in group.names} >= ONLY_OF.keys() - {"plan_version"}


def test_a_mistake_that_nobody_sees_stops_nobody(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    """Whoever chose data first, and then the plan, need not know what they typed before."""
    hidden = {"kept_days": "a few", "made_every": "never", "systems": "none", "may_delete": "x" * 300}
    browser = visitor(cast.editor)
    assert browser.post(f"{COPIES}/new", {**OFFICE, **hidden, "plan_version": "2"}).status_code == 302
    with scope_of(cast.bakery):
        (copy,) = copies()
    assert (copy.holds, copy.plan_version, copy.kept_days, copy.may_delete) == (CopyOf.PLAN, 2, None, "")
    disk = {"holds": "data", "name": "Disk", "plan_version": "0"}
    assert browser.post(f"{COPIES}/new", disk).status_code == 302
    wrong = browser.post(f"{COPIES}/new", {**disk, **hidden})
    assert wrong.status_code == 422
    assert "a few" in wrong.get_data(as_text=True)


@pytest.mark.parametrize(
    ("holds", "title", "opened"),
    [
        (CopyOf.DATA, "How it is made", True),
        (CopyOf.DATA, "Reachable when the office is closed", False),
        (CopyOf.PLAN, "Safe from thieves and hackers", False),
    ],
)
def test_what_is_still_asked_of_a_copy_is_open(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, holds: CopyOf, title: str, opened: bool
) -> None:
    with scope_of(cast.bakery):
        eva = add_contact("Eva")
        values = CopyValues(
            holds, "Disk", made_every=MadeEvery.DAY, keeping=Keeping.SAFE, night_contact_id=eva, night_how="The key"
        )
        copy_id = services.add_copy(values).id
    shown = visitor(cast.editor).get(f"{COPIES}/{copy_id}/edit").get_data(as_text=True)
    part = next(one for one in shown.split("<details")[1:] if f"<span>{title} " in one)
    assert part.partition(">")[0].rstrip().endswith(" open") is opened


def test_a_group_with_a_mistake_is_open(visitor: SignIn, cast: Cast) -> None:
    sent = {"holds": "data", "name": "Disk", "kept_days": "0"}
    shown = visitor(cast.editor).post(f"{COPIES}/new", sent).get_data(as_text=True)
    opened = [one for one in shown.split("<details")[1:] if one.partition(">")[0].rstrip().endswith(" open")]
    assert [bool(re.search('id="kept_days-error"', one)) for one in opened] == [True]
