"""The log of a calamity before and after it told what must be reported: nothing in it is lost."""

import sqlalchemy as sa
from flask import Flask

from core import db, migrating
from plans.models import CalamityEntry, EntryKind
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.plans.terms_scene import BEGAN, at, begin, say


def test_what_there_was_no_word_for_stays_as_a_note_with_its_words_and_times(own_app: Flask, cast: Cast) -> None:
    with at(0), own_app.app_context(), scoped(whole(cast.bakery.id)):
        found = begin()
        say(found, EntryKind.DECISION, "", "We close the shop")
        say(found, EntryKind.AWARE, "", "Seen by the baker", names_at=BEGAN)
        said = say(found, EntryKind.APPLIES_NOT, "cbw", "Too small")
        say(found, EntryKind.RETRACTED, said.hex)
    with own_app.app_context():
        migrating.downgrade("0078")
        migrating.upgrade()
    with own_app.app_context(), scoped(whole(cast.bakery.id)):
        rows = db.session().scalars(sa.select(CalamityEntry).order_by(CalamityEntry.id)).all()
        assert sorted((row.kind.value, row.text) for row in rows) == [
            ("decision", "We close the shop"),
            ("note", "Seen by the baker"),
            ("note", "Too small"),
            ("retracted", ""),
        ]
        assert {row.happened_at for row in rows} == {BEGAN}
        assert {row.names_at for row in rows} == {None}
        assert [row.target for row in rows if row.kind is EntryKind.RETRACTED] == [said.hex]
    with at(1), own_app.app_context(), scoped(whole(cast.bakery.id)):
        say(found, EntryKind.AWARE, "avg", "Seen again", names_at=BEGAN)
