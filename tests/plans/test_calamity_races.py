"""Terms of reporting, by several at the same moment: told of once, written once, and nothing said is lost."""

from collections import Counter
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from core import db
from plans.calamity import reminding
from plans.models import Calamity, CalamityEntry, EntryKind
from tests.cast import Cast
from tests.mailbox import letters_to
from tests.plans.items_scene import ScopeOf
from tests.plans.terms_scene import REPORTER, at, begin, look, name_reporter
from tests.races.beginners import inside, pages
from tests.races.meanwhile import at_once


@pytest.fixture
def begun(cast: Cast, scope_of: ScopeOf) -> UUID:
    """The bakery in a calamity since yesterday, with somebody who reports."""
    with at(0), scope_of(cast.bakery):
        name_reporter()
        return begin()


def test_several_processes_tell_of_a_term_once(app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID) -> None:
    with at(20):
        at_once(*[inside(app, reminding.remind)] * 3)
        inside(app, reminding.remind)()
        assert len(letters_to(app, REPORTER)) == 1
    with scope_of(cast.bakery):
        kinds = Counter(one.kind for one in look(begun).course.timeline)
        assert kinds[EntryKind.TERM_REMINDED] == 1


def test_what_is_tapped_twice_at_once_is_written_once_and_two_answers_are_both_kept(
    app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID
) -> None:
    both = pages(app, cast.owner, cast.editor)
    path, chosen = f"/o/bakery/calamity/{begun}/entries", str(uuid4())
    tapped = {"did": "note:", "text": "Seen", "entry_id": chosen}
    assert at_once(*(lambda one=one: one.post(path, tapped).status_code for one in both)) == [302, 302]
    answers = ({"did": "applies-yes:cbw"}, {"did": "applies-no:cbw", "text": "Too small"})
    sent = zip(both, answers, strict=True)
    assert at_once(*(lambda one=one, said=said: one.post(path, said).status_code for one, said in sent)) == [302, 302]
    with scope_of(cast.bakery):
        kinds = Counter(db.session().scalars(sa.select(CalamityEntry.kind)))
    assert kinds == {EntryKind.NOTE: 1, EntryKind.APPLIES: 1, EntryKind.APPLIES_NOT: 1}


def test_a_calamity_that_is_begun_twice_at_once_runs_once(app: Flask, cast: Cast, scope_of: ScopeOf) -> None:
    both = pages(app, cast.owner, cast.owner)
    with scope_of(cast.bakery):
        name_reporter()
    path = "/o/bakery/calamity/activate/real"
    with at(1):
        sent = {"began_at": "2026-11-21T23:30", "reason": "Smoke"}
    statuses = at_once(*(lambda one=one: one.post(path, sent).status_code for one in both))
    assert statuses == [302, 302], "the second is led to what runs"
    with scope_of(cast.bakery):
        assert len(db.session().scalars(sa.select(Calamity.id)).all()) == 1
