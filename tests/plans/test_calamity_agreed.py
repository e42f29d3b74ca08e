"""Terms that were agreed: the plan tells within how many hours, and a calamity proposes until when."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from core import db
from plans.audiences import services as audiences
from plans.audiences.services import AudienceValues
from plans.calamity.freezing import freeze
from plans.calamity.frozen import Frozen, FrozenReporters, packed, readable, unpacked
from plans.calamity.reporting import Applies, TermCourse
from plans.models import Audience, EntryKind, ExternalParty, PartyKind
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn
from tests.plans.terms_scene import BEGAN, at, begin, look, say


def agree(insurers: tuple[int | None, ...] = (72, 24, None), clients: tuple[int | None, ...] = (48, None)) -> None:
    """Write down within how many hours each insurer and each audience must be told; needs an open scope."""
    for number, hours in enumerate(insurers):
        db.session().add(ExternalParty(kind=PartyKind.INSURER, name=f"Polder {number}", report_within_hours=hours))
    # Of others than insurers nothing is reported by the policy.
    db.session().add(ExternalParty(kind=PartyKind.SUPPLIER, name="Till Ltd", report_within_hours=1))
    for number, hours in enumerate(clients):
        audiences.add_audience(AudienceValues(f"Hotel {number}", report_within_hours=hours))
    db.session().flush()


def term(calamity_id: UUID, key: str) -> TermCourse:
    found = look(calamity_id).reporting.term(key)
    assert found is not None
    return found


def test_the_shortest_of_what_was_agreed_is_proposed_from_the_beginning(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery), at(0):
        agree()
        found = begin()
        insurer, clients = term(found, "insurer"), term(found, "clients")
    assert (insurer.ends_at, insurer.planned_hours) == (BEGAN + timedelta(hours=24), 24)
    assert (clients.ends_at, clients.planned_hours) == (BEGAN + timedelta(hours=48), 48)
    assert {insurer.applies, clients.applies} == {Applies.UNKNOWN}


def test_without_hours_in_the_plan_nothing_is_proposed(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery), at(0):
        agree((None,), (None,))
        found = begin()
        assert {(term(found, key).ends_at, term(found, key).planned_hours) for key in ("insurer", "clients")} == {
            (None, None)
        }


def test_what_was_put_away_proposes_nothing(cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        agree()
        for row in (*db.session().query(ExternalParty), *db.session().query(Audience)):
            row.archived_at = BEGAN
        db.session().flush()
        assert freeze().reporters.hours == {}


@pytest.mark.parametrize("moment", [None, 5], ids=["no moment was agreed", "another moment"])
def test_what_somebody_says_on_the_day_goes_before_the_plan(cast: Cast, scope_of: ScopeOf, moment: int | None) -> None:
    names_at = None if moment is None else BEGAN + timedelta(hours=moment)
    with scope_of(cast.bakery), at(1):
        agree()
        found = begin()
        said = say(found, EntryKind.APPLIES, "insurer", names_at=names_at)
        assert (term(found, "insurer").ends_at, term(found, "insurer").planned_hours) == (names_at, None)
        say(found, EntryKind.RETRACTED, said.hex)
        assert term(found, "insurer").planned_hours == 24


def test_copies_of_before_tell_of_no_hours() -> None:
    frozen = Frozen(reporters=FrozenReporters("a", "b", ("c",), 24, None))
    assert unpacked(packed(frozen)) == frozen
    told = readable(packed(frozen))
    assert told["reporters"]["insurer_hours"] == 24
    assert FrozenReporters("a", "b", ("c",)).hours == {}


def test_page_form_and_sheet_say_what_the_plan_says(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    with scope_of(cast.bakery):
        agree()
    reader = visitor(cast.reader)
    sheet = reader.get(f"/o/{cast.bakery.slug}/calamity/sheet").get_data(as_text=True)
    assert "within 24 hours" in sheet
    assert "within 2 days" in sheet
    with scope_of(cast.bakery):
        found = begin()
        ends = term(found, "insurer").ends_at
    assert ends is not None
    path = f"/o/{cast.bakery.slug}/calamity/{found}"
    page = reader.get(f"{path}/").get_data(as_text=True)
    assert "(within 24 hours, by your plan)" in page
    assert "(within 2 days, by your plan)" in page
    form = reader.get(f"{path}/write/applies-insurer").get_data(as_text=True)
    assert "Your plan says: within 24 hours." in form
    proposed = re.search(r'name="names"[^>]*value="([^"]+)"', form)
    assert proposed
    assert reader.post(f"{path}/entries", {"did": "applies-yes:insurer", "names": proposed[1]}).status_code == 302
    with scope_of(cast.bakery):
        told = term(found, "insurer")
    assert told.applies is Applies.YES
    assert told.ends_at == ends.replace(second=0, microsecond=0)


def test_an_audience_is_given_its_hours_on_its_page(cast: Cast, scope_of: ScopeOf, visitor: SignIn) -> None:
    editor, page = visitor(cast.editor), f"/o/{cast.bakery.slug}/plan/runbook/informing/audiences"
    sent = {"name": "Hotel Zon", "contact": "", "deputy": "", "how": "By telephone"}
    refused = editor.post(page, {**sent, "report_within_hours": "soon"})
    assert refused.status_code == 422
    assert 'value="soon"' in refused.get_data(as_text=True)
    assert editor.post(page, {**sent, "report_within_hours": "2 dagen"}).status_code == 302
    assert "tell within 2 days" in editor.get(page).get_data(as_text=True)
    with scope_of(cast.bakery):
        row = db.session().query(Audience).one()
        assert (row.name, row.report_within_hours) == ("Hotel Zon", 48)
        row_id = row.id
    shown = editor.get(f"{page}/{row_id}").get_data(as_text=True)
    assert re.search(r'name="report_within_hours"[^>]*value="48"', shown)
    assert editor.post(f"{page}/{row_id}", {**sent, "report_within_hours": ""}).status_code == 302
    with scope_of(cast.bakery):
        assert db.session().query(Audience).one().report_within_hours is None
