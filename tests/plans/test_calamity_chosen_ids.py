"""Ids that the service works out itself are nobody's to choose: what would take their place stays elsewhere."""

from datetime import timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from flask import Flask

from core import db
from plans.calamity import reminding, rungs
from plans.calamity.rungs import LADDER
from plans.models import Calamity, CalamityEntry, EntryKind
from tests.cast import Cast
from tests.mailbox import letters_to
from tests.plans.items_scene import ScopeOf, SignIn
from tests.plans.terms_scene import REPORTER, begin, end, look, name_reporter


@pytest.fixture
def begun(cast: Cast, scope_of: ScopeOf) -> UUID:
    """The bakery in a calamity, with somebody who reports."""
    with scope_of(cast.bakery):
        name_reporter()
        return begin()


def entries_of(cast: Cast, calamity_id: UUID) -> str:
    return f"/o/{cast.bakery.slug}/calamity/{calamity_id}/entries"


def test_reader_does_not_silence_reminders_by_taking_the_ids_of_what_was_told(
    app: Flask, cast: Cast, scope_of: ScopeOf, begun: UUID, visitor: SignIn
) -> None:
    """Who knows a term and its end can work out under which id its reminder will stand."""
    reader = visitor(cast.reader)
    with scope_of(cast.bakery):
        ends = [one for one in look(begun).reporting.terms if one.ends_at]
        taken = [rungs.entry_id(begun, one, rung) for one in ends for rung in LADDER]
    for one in taken:
        sent = {"did": "note:", "text": "Nothing to see", "entry_id": str(one)}
        assert reader.post(entries_of(cast, begun), sent).status_code == 302
    with scope_of(cast.bakery):
        assert not {one.id for one in look(begun).course.timeline} & set(taken)
        calamity = db.session().get_one(Calamity, (cast.bakery.id, begun))
        calamity.activated_at -= timedelta(days=4)
    with app.app_context():
        reminding.remind()
    assert letters_to(app, REPORTER)


def test_reader_does_not_keep_a_calamity_from_being_closed(
    cast: Cast, scope_of: ScopeOf, begun: UUID, visitor: SignIn
) -> None:
    reader = visitor(cast.reader)
    sent = {"did": "note:", "text": "Not yet", "entry_id": str(uuid5(begun, EntryKind.TERMS_LEFT))}
    assert reader.post(entries_of(cast, begun), sent).status_code == 302
    with scope_of(cast.bakery):
        end(begun)
        kinds = [one.kind for one in look(begun).course.timeline]
        assert kinds.count(EntryKind.TERMS_LEFT) == 1


def test_what_a_telephone_chose_is_kept_once(cast: Cast, scope_of: ScopeOf, begun: UUID, visitor: SignIn) -> None:
    reader, chosen = visitor(cast.reader), uuid4()
    for _again in range(2):
        sent = {"did": "note:", "text": "Seen", "entry_id": str(chosen)}
        assert reader.post(entries_of(cast, begun), sent).status_code == 302
    with scope_of(cast.bakery):
        assert db.session().get(CalamityEntry, (cast.bakery.id, chosen)) is not None
        assert len(look(begun).course.timeline) == 1
