"""Two staff instructions beside each other, and an old one as the draft again: word for word what staff read then."""

from datetime import date
from types import MappingProxyType
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from core.i18n import Language
from plans.errors import PlanError
from plans.fields import NO, YES
from plans.items import services as item_services
from plans.items.queries import answers
from plans.items.services import AnswerValues
from plans.staff import restoring, services
from plans.staff.comparing import Draft, Piece, compare, draft_of, told
from plans.staff.queries import POLICY, Instruction, newest
from plans.versions.comparing import Difference
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.plans.items_scene import ScopeOf, SignIn, page

ODD, USB = "staff.do-report-odd", "staff.dont-torrents"
NL, EN = Language.DUTCH, Language.ENGLISH
TODAY = date(2026, 11, 22)


def published(draft: Draft) -> Instruction:
    """What publishing the draft would make."""
    texts = {}
    for spoken in Language:
        policy, lines = told(draft, spoken)
        texts[spoken] = "\n".join([policy, "", *(f"- {line}" for line in lines.values())]).strip()
    return Instruction(
        UUID(int=1), 1, TODAY, "Henk", MappingProxyType(texts), tuple(draft.lines), draft.language, "0" * 64
    )


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param(Draft(NL, Piece("Stop en bel.")), id="policy alone"),
        pytest.param(Draft(NL, Piece(), {ODD: Piece()}), id="a line of the handbook alone"),
        pytest.param(Draft(NL, Piece("Stop.", "Stop, please."), {ODD: Piece(), USB: Piece("Nooit")}), id="both"),
        pytest.param(Draft(EN, Piece("Call", "Bel"), {ODD: Piece("Say so", "Zeg het")}), id="everything translated"),
        pytest.param(Draft(NL, Piece("Doe dit:\n- stop\n- bel"), {ODD: Piece("Meld het")}), id="dashes in the policy"),
        pytest.param(Draft(NL, Piece("Stop."), {ODD: Piece("Eén\ntwee", "One\ntwo"), USB: Piece()}), id="two lines"),
        pytest.param(Draft(NL, Piece("Stop."), {ODD: Piece("", "Tell somebody")}), id="only a translation"),
    ],
)
def test_draft_of_an_instruction_is_the_one_it_was_made_of(draft: Draft) -> None:
    assert draft_of(published(draft), draft.language) == draft
    assert compare(draft, draft_of(published(draft), draft.language)) == ()


def test_instruction_without_a_translation_comes_back_as_it_was() -> None:
    found = published(Draft(NL, Piece("Stop."), {ODD: Piece("Meld het")}))
    alone = Instruction(
        found.id, 1, TODAY, "Henk", MappingProxyType({NL: found.texts[NL]}), found.parts, NL, found.digest
    )
    for language in Language:
        assert draft_of(alone, language) == Draft(NL, Piece("Stop."), {ODD: Piece("Meld het")})


def test_comparing_tells_what_staff_read_differently_and_in_which_language(app: Flask) -> None:
    before = Draft(NL, Piece("Stop.", "Stop."), {ODD: Piece("Meld het"), USB: Piece()})
    after = Draft(NL, Piece("Stop.", "Halt."), {ODD: Piece("Bel Henk", "Call Henk")})
    with app.test_request_context(headers={"Accept-Language": "en"}):
        (part,) = compare(before, after)
    found = [(row.key, row.difference, [(line.before, line.after) for line in row.lines]) for row in part.rows]
    assert [(key, kind) for key, kind, _lines in found] == [
        ("policy", Difference.CHANGED),
        (ODD, Difference.CHANGED),
        (USB, Difference.REMOVED),
    ]
    assert found[0][2] == [("Stop.", "Halt.")]
    assert found[1][2] == [("Meld het", "Bel Henk"), ("Meld het", "Call Henk")]


def save(item_id: str, **values: str) -> None:
    item_services.save_answer(item_id, AnswerValues(values), by="Henk", today=clock.today())


def publish() -> Instruction:
    services.publish_instruction(by="Henk", today=clock.today(), language=NL)
    found = newest()
    assert found is not None
    return found


@pytest.fixture
def first(cast: Cast, scope_of: ScopeOf) -> Instruction:
    """Version 1, and a draft that says something else since."""
    with scope_of(cast.bakery):
        save(POLICY, text="Stop en bel.", translation="Stop and call.")
        save(ODD, included=YES, own_text="Meld het Henk")
        found = publish()
        save(POLICY, text="Bel niemand.")
        save(ODD, included=NO, own_text="Meld het Jane")
        save(USB, included=YES, own_text="Nooit")
    return found


def test_taking_back_makes_a_draft_that_publishes_the_same_words(
    cast: Cast, scope_of: ScopeOf, first: Instruction
) -> None:
    with scope_of(cast.bakery):
        told_of = restoring.current_draft(NL).seen
        assert restoring.take_back(first.id, told_of, language=NL, by="Eva", today=clock.today()) == 3
        assert newest() == first, "nothing is published by it"
        with pytest.raises(PlanError):
            services.publish_instruction(by="Eva", today=clock.today(), language=NL)
        assert answers([USB])[USB].values == {"included": NO, "own_text": "Nooit"}
        now = restoring.current_draft(NL).seen
        assert restoring.take_back(first.id, now, language=NL, by="Eva", today=clock.today()) == 0
        with pytest.raises(EditConflict):
            restoring.take_back(first.id, told_of, language=NL, by="Eva", today=clock.today())


def test_versions_are_compared_and_taken_back_in_the_browser(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf, first: Instruction
) -> None:
    with scope_of(cast.bakery):
        second = publish()
    reader, editor = visitor(cast.reader), visitor(cast.editor)
    versions = page(cast.bakery, POLICY, "/versions")
    shown = reader.get(f"{versions}/compare?from={first.id}&to={second.id}").get_data(as_text=True)
    assert "Bel niemand." in shown
    assert "Stop and call." in shown
    assert "Staff read the same." in reader.get(f"{versions}/compare?from={second.id}&to=draft").get_data(as_text=True)
    for wrong in ("nonsense", UUID(int=5)):
        assert reader.get(f"{versions}/compare?from={wrong}&to=draft").status_code == 404
    path = f"{versions}/{first.id}/take-back"
    assert reader.get(path).status_code == 403
    form = editor.get(path).get_data(as_text=True)
    told_of = form.split('name="seen" type="hidden" value="')[1].split('"')[0]
    with scope_of(cast.bakery):
        save(POLICY, text="Nog iets anders.")
    late = editor.post(path, {"seen": told_of})
    assert late.status_code == 409
    assert "Nog iets anders." in late.get_data(as_text=True)
    again = late.get_data(as_text=True).split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert editor.post(path, {"seen": again}).status_code == 302
    draft = page(cast.bakery, POLICY)
    assert "Stop en bel." in editor.get(draft).get_data(as_text=True)
    same = editor.get(path).get_data(as_text=True).partition("The draft says the same already.")[2]
    assert f'href="{draft}"' in same, "there is a way on"
    assert editor.get(f"{versions}/{UUID(int=5)}/take-back").status_code == 404
