"""A deed that was offered since the bankruptcy displaces none that clients accepted before it."""

import pytest
import sqlalchemy as sa

from continuity.deed.services import publish
from continuity.errors import Refused
from continuity.models import Acceptance, DeedState, DeedVersion, TriggerCase
from continuity.registrants import cases
from continuity.registrants.cases import Decider
from continuity.registrations import setting_back
from continuity.requests.queries import held_acceptance
from core import db
from tests.cast import Cast
from tests.continuity.asking import NOW, OFFICER, client_in, owner_in
from tests.continuity.test_changing import approve
from tests.continuity.test_holding import deed_in
from tests.continuity.test_setting_back import only
from tests.continuity.world import TODAY, Scoped, World


def offer_another(world: World) -> DeedVersion:
    """Offer the draft, which replaces the version that the client accepted, in the open scope."""
    draft = db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == world.draft_id)).one()
    publish(draft, seen=draft.version, today=TODAY)
    return draft


def test_a_deed_that_was_offered_since_displaces_none_that_was_accepted(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        newer, accepted = offer_another(world), deed_in(world)
        assert accepted.state is DeedState.SUPERSEDED
        # By a link that was mailed since, perhaps without seeing what changed.
        made = Acceptance(client_id=world.client_id, deed_version_id=newer.id, accepted_on=TODAY, accepted_by="Owner")
        db.session().add(made)
        approve(world, cast)
        assert (accepted.state, newer.state) == (DeedState.OFFERED, DeedState.REVOKED)
        rests = held_acceptance(client_in(world))
        assert rests is not None
        assert rests.deed_version_id == accepted.id
        beside = {one.row.id: one.change for one in setting_back.held_parts(owner_in(world))}
        with pytest.raises(Refused):
            setting_back.decide(
                beside[newer.id], ["closed_on", "closed_as"], officer=OFFICER, seen=beside[newer.id].version, at=NOW
            )
        for row in (accepted, newer):
            change = beside[row.id]
            setting_back.decide(change, ["closed_on", "closed_as"], officer=OFFICER, seen=change.version, at=NOW)
        assert (accepted.state, newer.state) == (DeedState.SUPERSEDED, DeedState.OFFERED)


def test_a_false_alarm_lets_a_newer_deed_be_offered_on(cast: Cast, world: World, scope_of: Scoped) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    with scope_of(cast.supplier):
        newer, accepted = offer_another(world), deed_in(world)
        approve(world, cast)
        case = only(TriggerCase)
        cases.ask_back(case, "Annulled", one, seen=case.version, at=NOW)
        cases.approve_back(owner_in(world), case, other, seen=case.version, at=NOW)
        assert (accepted.state, newer.state) == (DeedState.SUPERSEDED, DeedState.OFFERED)
