"""Deeds that never change once published, clients, and what they accepted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from continuity.deed import services
from continuity.deed.conditions import proposed
from continuity.deed.services import DeedValues, deed_digest
from continuity.errors import Refused
from continuity.models import Acceptance, Client, DeedState, DeedVersion, Registration, SchemeState
from continuity.models.clients import PublishedDeedChanged
from core import db
from core.i18n import Language
from tenants.models import TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import EARLIER, TODAY, World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
ACCEPTANCE = {"accepted_on": "2026-11-10", "accepted_by": "O. Wner", "accepted_as": "director", "version": "1"}
# As the page of the client that accepted shows it: its conditions were checked since.
CORRECTED = {**ACCEPTANCE, "version": "2"}


def deed(deed_id: UUID) -> DeedVersion:
    """Return a version of the deed in the open scope."""
    return db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == deed_id)).one()


def test_first_version_proposes_the_usual_conditions(world: World, visitor: Visitors) -> None:
    page = visitor(world.editor).get(f"/o/supplier/continuity/{world.elsewhere_id}/deeds/new").get_data(as_text=True)
    for language in Language:
        assert len(proposed(language)) == 6
        for condition in proposed(language):
            assert condition in page


def test_draft_is_written_changed_and_published(world: World, visitor: Visitors, cast: Cast, scope_of: Scoped) -> None:
    editor = visitor(world.editor)
    path = f"/o/supplier/continuity/{world.elsewhere_id}/deeds"
    sent = {
        "text": "First.\r\nSecond.",
        "conditions": "Betaalt.\r\n\r\n  Werkt mee.  ",
        "text_en": "In English.",
        "conditions_en": "Pays.\nCooperates.",
        "version": "1",
    }
    assert editor.post(f"{path}/new", sent).status_code == 302
    with scope_of(cast.supplier):
        query = sa.select(DeedVersion.id).where(DeedVersion.registration_id == world.elsewhere_id)
        draft_id = db.session().scalars(query).one()
    assert editor.post(f"{path}/{draft_id}/edit", {**sent, "text": "Changed."}).status_code == 302
    assert editor.post(f"{path}/{draft_id}/publish", {"version": "2"}).status_code == 302
    with scope_of(cast.supplier):
        row = deed(draft_id)
        assert (row.number, row.published_on, row.text) == (1, TODAY, "Changed.")
        assert row.conditions == ["Betaalt.", "Werkt mee."]
        whole = ("Changed.", ["Betaalt.", "Werkt mee."], "In English.", ["Pays.", "Cooperates."])
        assert row.sha256 == deed_digest(*whole)
        published = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "deed.published")).all()
        assert row.sha256 in {entry.changes["sha256"] for entry in published}


def test_digest_is_the_same_on_every_machine() -> None:
    assert deed_digest("é", ["a"]) == "f5df9457019c7f0d6bd4bbeffcf20ae62a855ffbefa98098dd2c0496504e5016"
    assert deed_digest("é", ["a"]) != deed_digest("é", ["a", "b"])
    assert deed_digest("a", ["b"]) != deed_digest("b", ["a"])
    told = {deed_digest("a", ["b"]), deed_digest("a", ["b"], "a", ["b"]), deed_digest("a", ["b"], "a", ["c"])}
    assert len(told | {deed_digest("a", ["b"], "a", ["b"], irrevocable_free=True)}) == 4


def test_published_version_is_shown_and_no_longer_changed(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/deeds/{world.deed_id}"
    answer = editor.post(f"{path}/edit", {"text": "Other.", "conditions": "None at all", "version": "2"})
    assert answer.status_code == 422
    assert "can no longer change" in answer.get_data(as_text=True)
    assert editor.post(f"{path}/publish", {"version": "2"}).status_code == 422
    assert "The foundation delivers." in editor.get(path).get_data(as_text=True)


@pytest.mark.parametrize("column", ["text", "conditions_en", "irrevocable_free", "published_on", "sha256"])
def test_no_code_can_change_a_published_version(cast: Cast, world: World, scope_of: Scoped, column: str) -> None:
    changed: dict[str, object] = {
        "text": "x", "conditions_en": [], "irrevocable_free": True, "published_on": None, "sha256": "",
    }  # fmt: skip
    with scope_of(cast.supplier):
        setattr(deed(world.deed_id), column, changed[column])
        with pytest.raises(PublishedDeedChanged):
            db.session().flush()
        db.rollback()
    with scope_of(cast.supplier):
        assert deed(world.deed_id).version == 2


def test_only_one_draft_at_a_time(world: World, visitor: Visitors) -> None:
    answer = visitor(world.editor).post(f"{world.path}/deeds/new", {"text": "x", "conditions": "y", "version": "1"})
    assert answer.status_code == 422
    assert "a draft already" in answer.get_data(as_text=True)


def test_draft_that_changed_after_it_was_read_is_not_published(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    editor = visitor(world.editor)
    path = f"{world.path}/deeds/{world.draft_id}"
    assert editor.post(f"{path}/edit", {"text": "New.", "conditions": "y", "version": "1"}).status_code == 302
    assert editor.post(f"{path}/publish", {"version": "1"}).status_code == 409
    assert editor.post(f"{path}/publish", {}).status_code == 409
    answer = editor.post(f"{path}/edit", {"text": "Newer.", "conditions": "y", "version": "1"})
    assert answer.status_code == 409
    assert "Newer." in answer.get_data(as_text=True)
    with scope_of(cast.supplier):
        assert deed(world.draft_id).published_on is None


@pytest.mark.parametrize(("field", "typed"), [("text", ""), ("conditions", " \n \n"), ("text", "x" * 50_001)])
def test_deed_without_text_or_conditions_is_refused(world: World, visitor: Visitors, field: str, typed: str) -> None:
    sent = {"text": "Text", "conditions": "One", "version": "1", field: typed}
    answer = visitor(world.editor).post(f"{world.path}/deeds/{world.draft_id}/edit", sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "half",
    [
        pytest.param(DeedValues("Tekst", (), "Text", ("One",)), id="no condition in Dutch"),
        pytest.param(DeedValues("Tekst", ("Een",)), id="no English"),
        pytest.param(DeedValues("Tekst", ("Een",), "Text", ()), id="no condition in English"),
        pytest.param(DeedValues("Tekst", ("Een", "Twee"), "Text", ("One",)), id="one condition more in Dutch"),
    ],
)
def test_half_a_deed_is_not_offered(cast: Cast, world: World, scope_of: Scoped, half: DeedValues) -> None:
    with scope_of(cast.supplier):
        row = deed(world.draft_id)
        services.change_draft(row, half, seen=row.version)
        with pytest.raises(Refused):
            services.publish(row, seen=row.version, today=TODAY)


def test_a_newer_version_takes_the_place_of_the_one_before(world: World, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        services.publish(deed(world.draft_id), seen=1, today=TODAY)
        before, now = deed(world.deed_id), deed(world.draft_id)
        assert (before.state, before.closed_on, now.state) == (DeedState.SUPERSEDED, TODAY, DeedState.OFFERED)


def test_a_version_is_revoked_with_a_reason_until_a_client_accepted_it(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    editor = visitor(world.editor)
    page = editor.get(f"{world.path}/deeds/{world.deed_id}").get_data(as_text=True)
    assert "each of them has a right" in page
    answer = editor.post(f"{world.path}/deeds/{world.deed_id}/revoke", {"why": "Mistake.", "version": "2"})
    assert answer.status_code == 422
    assert "can no longer be revoked" in answer.get_data(as_text=True)
    path = f"{world.path}/deeds/{world.draft_id}"
    assert editor.post(f"{path}/publish", {"version": "1"}).status_code == 302
    assert editor.post(f"{path}/revoke", {"why": "", "version": "2"}).status_code == 422
    assert editor.post(f"{path}/revoke", {"why": "Mistake.", "version": "1"}).status_code == 409
    assert editor.post(f"{path}/revoke", {"why": "Mistake.", "version": "2"}).status_code == 302
    with scope_of(cast.supplier):
        row = deed(world.draft_id)
        assert (row.state, row.closed_why) == (DeedState.REVOKED, "Mistake.")
    assert "there is nothing for a client to accept" in editor.get(f"{world.path}/clients").get_data(as_text=True)


@pytest.mark.usefixtures("unannounced")
def test_the_end_of_a_version_ends_every_acceptance_of_it(world: World, cast: Cast, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        services.end_deed(deed(world.deed_id), "The scheme ends.", seen=2, today=TODAY)
        ended = db.session().scalars(sa.select(Acceptance)).one()
        assert (ended.ended_on, ended.ended_why) == (TODAY, "The scheme ends.")


def test_client_is_added_changed_and_put_away(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    sent = {"name": "Slagerij Vos", "kvk": "0123 4567", "monthly_fee": "12,50", "invited_on": "2026-11-01"}
    assert editor.post(f"{world.path}/clients/new", {**sent, "version": "1"}).status_code == 302
    page = editor.get(f"{world.path}/clients").get_data(as_text=True)
    assert "Slagerij Vos" in page
    assert "€12.50" in page
    path = f"{world.path}/clients/{world.client_id}"
    assert editor.post(path, {"name": "Bakker", "version": "1"}).status_code == 302
    assert editor.post(path, {"name": "Bakkerij", "version": "1"}).status_code == 409
    assert editor.post(f"{path}/archive").status_code == 302
    assert editor.get(path).status_code == 404
    assert editor.post(f"{path}/restore").status_code == 302
    assert editor.get(path).status_code == 200


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("kvk", "12"), ("email", "x@y"), ("monthly_fee", "x"), ("invited_on", "2027-01-01")],
)
def test_wrong_client_is_told_at_the_field(world: World, visitor: Visitors, field: str, typed: str) -> None:
    sent = {"name": "Slagerij Vos", "version": "1", field: typed}
    answer = visitor(world.editor).post(f"{world.path}/clients/new", sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_acceptance_names_who_in_which_function_and_of_which_version(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    editor = visitor(world.editor)
    editor.post(f"{world.path}/clients/new", {"name": "Slagerij Vos", "version": "1"})
    with scope_of(cast.supplier):
        client_id = db.session().scalars(sa.select(Client.id).where(Client.name == "Slagerij Vos")).one()
    path = f"{world.path}/clients/{client_id}/deeds/{world.deed_id}"
    assert editor.post(path, ACCEPTANCE).status_code == 302
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Acceptance).where(Acceptance.client_id == client_id)).one()
        assert (row.deed_version_id, row.accepted_by, row.accepted_as) == (world.deed_id, "O. Wner", "director")
        assert row.conditions_met_on is None
    ended = {**ACCEPTANCE, "ended_on": "2026-11-20"}
    assert editor.post(path, ended).status_code == 422
    assert editor.post(path, {**ended, "ended_why": "Its contract ended."}).status_code == 302
    assert editor.post(path, ACCEPTANCE).status_code == 409


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        pytest.param("accepted_on", "", id="no day"),
        pytest.param("accepted_on", "2026-11-01", id="the day before the publication"),
        pytest.param("accepted_on", "2026-11-23", id="tomorrow"),
        pytest.param("accepted_by", "", id="nobody"),
        pytest.param("accepted_as", "", id="no function"),
        pytest.param("ended_on", "2026-11-09", id="ended before the acceptance"),
    ],
)
def test_wrong_acceptance_is_told_at_the_field(world: World, visitor: Visitors, field: str, typed: str) -> None:
    path = f"{world.path}/clients/{world.client_id}/deeds/{world.deed_id}"
    answer = visitor(world.editor).post(path, {**CORRECTED, field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_acceptance_on_the_day_of_the_publication_counts(world: World, visitor: Visitors) -> None:
    path = f"{world.path}/clients/{world.client_id}/deeds/{world.deed_id}"
    sent = {**CORRECTED, "accepted_on": EARLIER.isoformat()}
    assert visitor(world.editor).post(path, sent).status_code == 302


def test_draft_cannot_be_accepted(world: World, visitor: Visitors) -> None:
    path = f"{world.path}/clients/{world.client_id}/deeds/{world.draft_id}"
    answer = visitor(world.editor).post(path, ACCEPTANCE)
    assert answer.status_code == 422
    assert "A draft cannot be accepted" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "accepted_on",
    [
        # On paper any day can be written.
        pytest.param("2026-11-14", id="the day before"),
        pytest.param("2026-11-15", id="the day of the bankruptcy"),
        pytest.param("2026-11-16", id="the day after"),
    ],
)
def test_late_acceptance_is_left_to_the_foundation(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped, accepted_on: str
) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.declared_bankrupt_on, row.state = date(2026, 11, 15), SchemeState.TRIGGERED
    path = f"{world.path}/clients/{world.client_id}/deeds/{world.deed_id}"
    answer = visitor(world.editor).post(path, {**CORRECTED, "accepted_on": accepted_on})
    assert answer.status_code == 422


def test_client_of_an_older_version_is_shown_as_such(world: World, visitor: Visitors) -> None:
    editor = visitor(world.editor)
    assert "Accepted" in editor.get(f"{world.path}/clients").get_data(as_text=True)
    assert editor.post(f"{world.path}/deeds/{world.draft_id}/publish", {"version": "1"}).status_code == 302
    page = editor.get(f"{world.path}/clients").get_data(as_text=True)
    assert "Accepted version 1 only" in page
    assert "€0.00" in page
