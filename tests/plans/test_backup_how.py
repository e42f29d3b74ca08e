"""How copies of the back-up are made: how often, of which systems, what is in them, and who may delete them."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from core import clock, db
from plans.backup import services
from plans.backup.beginning import Answered, copies_from
from plans.backup.loading import load_copies
from plans.backup.queries import copies
from plans.backup.services import CopyValues
from plans.errors import PlanError
from plans.models import BackupCopy, BackupCopySystem, CloudIn, CopyOf, MadeEvery, System
from plans.turns import seen
from tenants.owned import EditConflict
from tests.cast import Cast, Organisation
from tests.plans.items_scene import ScopeOf, SignIn, add_system

TOLD = CopyValues(
    CopyOf.DATA,
    "Blue disk",
    made_every=MadeEvery.FOUR_HOURS,
    cloud_in=CloudIn.NOTHING,
    settings_in=True,
    deletable=False,
    may_delete="Only Henk",
)
SENT = {
    "holds": "data",
    "name": "Blue disk",
    "made_every": "four-hours",
    "cloud_in": "nothing",
    "settings_in": "yes",
    "deletable": "no",
    "may_delete": "Only Henk",
}
EMPTY = dict.fromkeys(("made_every", "cloud_in", "settings_in", "deletable", "may_delete"), "")


def path(organisation: Organisation, further: object = "") -> str:
    return f"/o/{organisation.slug}/plan/backup/copies{further}"


def told() -> tuple[object, ...]:
    (copy,) = copies()
    return copy.made_every, copy.cloud_in, copy.settings_in, copy.deletable, copy.may_delete


def systems(*names: str) -> list[UUID]:
    return [add_system(name) for name in names]


def test_what_was_told_of_a_copy_is_shown_and_can_be_untold(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser = visitor(cast.editor)
    with scope_of(cast.bakery):
        till, _shop = systems("Till", "Shop")
    assert browser.post(path(cast.bakery, "/new"), {**SENT, "systems": [str(till)]}).status_code == 302
    with scope_of(cast.bakery):
        assert told() == (MadeEvery.FOUR_HOURS, CloudIn.NOTHING, True, False, "Only Henk")
        (copy,) = copies()
        assert copy.system_ids == {till}
    shown = browser.get(path(cast.bakery, f"/{copy.id}")).get_data(as_text=True)
    for text in ("Every four hours", "<dd>Till</dd>", "We keep nothing in the cloud", "<dd>Yes</dd>", "<dd>No</dd>"):
        assert text in shown, text
    assert "Only Henk" in shown
    assert "Every four hours" in browser.get(path(cast.bakery)).get_data(as_text=True)
    form = browser.get(path(cast.bakery, f"/{copy.id}/edit")).get_data(as_text=True)
    chosen = re.findall(r'<input checked [^>]*name="(\w+)"[^>]*value="([^"]+)"', form)
    assert sorted(chosen) == sorted(
        [(name, SENT[name]) for name in ("holds", "made_every", "cloud_in", "settings_in", "deletable")]
        + [("systems", str(till))]
    )
    held = re.search(r'name="seen"[^>]*value="([^"]+)"', form)
    assert held
    assert browser.post(path(cast.bakery, f"/{copy.id}/edit"), {**SENT, **EMPTY, "seen": held[1]}).status_code == 302
    with scope_of(cast.bakery):
        assert told() == (None, None, None, None, "")
        assert copies()[0].system_ids == frozenset()
    assert "<dd>every system</dd>" in browser.get(path(cast.bakery, f"/{copy.id}")).get_data(as_text=True)


@pytest.mark.parametrize("name", ["made_every", "cloud_in", "settings_in", "deletable", "systems"])
def test_what_is_in_no_list_is_refused(visitor: SignIn, cast: Cast, scope_of: ScopeOf, name: str) -> None:
    with scope_of(cast.bakery):
        systems("Till")
    answer = visitor(cast.editor).post(path(cast.bakery, "/new"), {**SENT, name: "never"})
    assert (answer.status_code, f'id="{name}-error"' in answer.get_data(as_text=True)) == (422, True)
    with scope_of(cast.bakery):
        assert copies() == []


def test_a_system_of_somebody_else_or_out_of_use_is_refused(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.other):
        (theirs,) = systems("Till")
    with scope_of(cast.bakery):
        (gone,) = systems("Typewriter")
        db.session().get_one(System, (cast.bakery.id, gone)).archived_at = clock.now()
    browser = visitor(cast.editor)
    for wrong in (theirs, gone):
        assert browser.post(path(cast.bakery, "/new"), {**SENT, "systems": [str(wrong)]}).status_code == 422
        with scope_of(cast.bakery):
            with pytest.raises(PlanError):
                services.add_copy(replace(TOLD, system_ids=frozenset({wrong})))
            db.rollback()
    with scope_of(cast.bakery):
        assert copies() == []


def test_a_system_that_went_out_of_use_stays_with_the_copy_until_it_is_unticked(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        (till,) = systems("Till")
        copy_id = services.add_copy(replace(TOLD, system_ids=frozenset({till}))).id
        db.session().get_one(System, (cast.bakery.id, till)).archived_at = clock.now()
    form = visitor(cast.editor).get(path(cast.bakery, f"/{copy_id}/edit")).get_data(as_text=True)
    assert str(till) in form
    with scope_of(cast.bakery):
        services.change_copy(copy_id, replace(TOLD, name="Red disk", system_ids=frozenset({till})))
        assert copies()[0].system_ids == {till}
        services.change_copy(copy_id, TOLD)
        assert copies()[0].system_ids == frozenset()
        with pytest.raises(PlanError):
            services.change_copy(copy_id, replace(TOLD, system_ids=frozenset({till})))
        db.rollback()


def test_whoever_has_the_page_open_while_only_its_systems_change_is_told(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        till, shop = systems("Till", "Shop")
        copy_id = services.add_copy(TOLD).id
        opened = seen(copies())
        services.change_copy(copy_id, replace(TOLD, system_ids=frozenset({till})), seen=opened)
        again = seen(copies())
        assert again != opened
        with pytest.raises(EditConflict):
            services.change_copy(copy_id, replace(TOLD, system_ids=frozenset({shop})), seen=opened)
        db.session().expire_all()
        services.change_copy(copy_id, replace(TOLD, system_ids=frozenset({till})), seen=again)
        assert copies()[0].system_ids == {till}


def test_of_a_copy_of_anything_but_the_data_nothing_of_it_is_kept(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        (till,) = systems("Till")
        every = replace(TOLD, system_ids=frozenset({till}))
        row = services.add_copy(replace(every, holds=CopyOf.LICENCES))
        assert told() == (None, None, None, None, "")
        services.change_copy(row.id, every)
        assert copies()[0].system_ids == {till}
        services.change_copy(row.id, replace(every, holds=CopyOf.PLAN))
        assert told() == (None, None, None, None, "")
        assert db.session().scalars(sa.select(BackupCopySystem)).all() == []


def test_the_rules_are_told_what_was_told(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        (till,) = systems("Till")
        services.add_copy(replace(TOLD, system_ids=frozenset({till})))
        (fact,) = load_copies([cast.bakery.id])[cast.bakery.id]
    assert (fact.made_every, fact.cloud_in, fact.settings_in, fact.deletable, fact.has_may_delete) == (
        MadeEvery.FOUR_HOURS,
        CloudIn.NOTHING,
        True,
        False,
        True,
    )
    assert fact.system_ids == {till}


@pytest.mark.once
def test_copies_begin_with_what_was_answered_of_the_back_up_as_a_whole() -> None:
    whole = {"made_every": "week", "cloud_in": "no", "settings_in": "no", "deletable": "yes", "may_delete": "Henk"}
    answers = {
        "backup.offsite-data": Answered({"location": "Safe"}, None),
        "backup.offsite-plan": Answered({"location": "Van"}, None),
        "backup.safe-keeping": Answered(whole, None),
    }
    data, plan = copies_from(answers, {holds: holds.value for holds in CopyOf})
    assert (data.made_every, data.cloud_in, data.settings_in, data.deletable, data.may_delete) == (
        MadeEvery.WEEK,
        CloudIn.NO,
        False,
        True,
        "Henk",
    )
    assert (plan.made_every, plan.may_delete) == (None, "")
    (untold, _plan) = copies_from({**answers, "backup.safe-keeping": Answered({}, None)}, dict.fromkeys(CopyOf, "x"))
    assert (untold.made_every, untold.cloud_in, untold.settings_in, untold.deletable) == (None, None, None, None)


def test_who_may_delete_it_is_not_readable_in_the_database(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        services.add_copy(TOLD)
        stored = db.session().scalar(sa.select(sa.type_coerce(BackupCopy.may_delete, sa.LargeBinary)))
    assert stored
    assert b"Henk" not in bytes(stored)
