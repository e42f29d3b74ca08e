"""The worst day of somebody who runs the firm alone: nobody calls themselves, and what is not back is told."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from core import db
from plans.calamity.freezing import freeze
from plans.models import Assignment, EntryKind, ExternalParty, PartyKind, StarterLine, System
from plans.models.own import LineKind
from plans.starters.settling import settle
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, add_system
from tests.plans.terms_scene import BEGAN, begin, say


@pytest.fixture
def alone(cast: Cast, scope_of: ScopeOf) -> UUID:
    """A calamity of the bakery whose owner sits in every seat, with two systems and no step."""
    with scope_of(cast.bakery):
        found = add_contact("Eva de Halm", email=cast.owner.email.upper())
        db.session().add(Assignment(item_id="runbook.first-contact", seat="holder", contact_id=found))
        for name, hours in (("Till", 4), ("Ovens", 72)):
            row_id = add_system(name, 1)
            db.session().scalars(sa.select(System).where(System.id == row_id)).one().rto_hours = hours
        db.session().flush()
        return begin()


def test_nobody_is_asked_to_call_themselves(cast: Cast, alone: UUID, visitor: SignIn) -> None:
    path = f"/o/{cast.bakery.slug}/calamity/{alone}/"
    own, other = (visitor(one).get(path).get_data(as_text=True) for one in (cast.owner, cast.editor))
    assert "This is you: no need to call." in own
    assert 'value="call-reached:' not in own
    assert "tel:" not in own
    assert "This is you" not in other
    assert 'value="call-reached:' in other
    assert "tel:+31612345678" in other


def test_a_plan_without_steps_counts_none_and_promises_are_told_in_words(
    cast: Cast, alone: UUID, visitor: SignIn
) -> None:
    page = visitor(cast.owner).get(f"/o/{cast.bakery.slug}/calamity/{alone}/").get_data(as_text=True)
    assert "of 0 steps" not in page
    assert ">4 hours<" in page
    assert ">3 days<" in page
    assert "Cyberbeveiligingswet (NIS2): Early warning</a>" in page


def test_closing_and_the_report_name_what_does_not_work_yet(
    cast: Cast, alone: UUID, scope_of: ScopeOf, visitor: SignIn
) -> None:
    base, owner = f"/o/{cast.bakery.slug}/calamity/{alone}", visitor(cast.owner)
    asked = owner.get(f"{base}/close").get_data(as_text=True)
    assert "According to the log this does not work yet" in asked
    assert "<li>Till</li><li>Ovens</li>" in asked
    assert "Personal data (AVG): Report of the data breach" in asked
    with scope_of(cast.bakery):
        say(alone, EntryKind.SYSTEM_BACK, "0")
    assert "<li>Ovens</li></ul>" in owner.get(f"{base}/close").get_data(as_text=True)
    assert "<dt>Not back yet</dt><dd>Ovens</dd>" in owner.get(f"{base}/report").get_data(as_text=True)
    with scope_of(cast.bakery):
        say(alone, EntryKind.SYSTEM_BACK, "1")
    assert "does not work yet" not in owner.get(f"{base}/close").get_data(as_text=True)
    assert "Not back yet</dt>" not in owner.get(f"{base}/report").get_data(as_text=True)


def test_an_example_without_a_number_that_nobody_took_over_is_nobody_to_call(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        firms = {}
        for name, phone in (("Our IT administrator", ""), ("Till Ltd", "+31881234567"), ("Own firm", "")):
            row = ExternalParty(kind=PartyKind.SUPPLIER, name=name, phone=phone)
            db.session().add(row)
            db.session().flush()
            firms[name] = row.id
        for name in ("Our IT administrator", "Till Ltd"):
            line = StarterLine(line=name, kind=LineKind.PARTY, item_id="runbook.external-parties", row_id=firms[name])
            db.session().add(line)
        db.session().flush()
        assert [one.name for one in freeze().people] == ["Own firm", "Till Ltd"]
        settle(list(firms.values()), today=BEGAN.date())
        assert [one.name for one in freeze().people] == ["Our IT administrator", "Own firm", "Till Ltd"]
