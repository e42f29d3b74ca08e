"""The plan as PDF: complete, readable by machines, of whom and which version; no text is ever taken for markup."""

import io
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from audits.paper.material import PaperMaterial, gather_paper, number
from audits.paper.models import PaperKind
from audits.paper.printing import print_paper
from audits.paper.sections.keeping import findings
from audits.paper.variants import VARIANTS
from core import clock, db
from core.i18n import Language, written_in
from core.typesetting import SettingFailed, set_document
from plans.handbook import items
from plans.models import Contact, RecoveryStep, System
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.paper.conftest import PRINTED, Inside

# A paper is the same whichever database its words came from.
pytestmark = pytest.mark.once

HOSTILE = '#import "@preview/x:1.0.0" $x^2$ *b* _i_ = H @ref <label> \\u{41} // /* `raw` #sys.inputs [ ] { } "'
NO_BREAK = "\N{NO-BREAK SPACE}"


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().replace(NO_BREAK, " ").split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    return "".join(text.replace(NO_BREAK, "").split())


def printed(material: PaperMaterial, kind: PaperKind) -> bytes:
    return print_paper(VARIANTS[kind], material, PRINTED)


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("language", Language)
def test_every_paper_is_tagged_archivable_and_in_its_language(
    inside: Inside, kind: PaperKind, language: Language
) -> None:
    with inside(language) as material:
        reader = PdfReader(io.BytesIO(printed(material, kind)))
    root: Any = reader.trailer["/Root"].get_object()
    assert root["/Lang"] == language.value
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:part>2</pdfaid:part>" in about
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in about
    assert "<dc:title>" in about
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp", "no ICC profile"
    assert "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]
    assert {str(page["/Tabs"]) for page in reader.pages} == {"/S"}, "not read in the order of the tags"
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in below or "/FontFile3" in below, "a font is not in the file"


def test_page_one_tells_whom_to_call(inside: Inside) -> None:
    with inside(Language.DUTCH) as material:
        first = squeezed(pages(printed(material, PaperKind.ALL))[0])
        for person in ("Fatima El Amrani", "Henk Bakker", "Ruben Visser"):
            assert squeezed(person) in first
        seated = {one.contact_id for one in material.plan.assignments.values()}
        numbers = [squeezed(phone) for who in seated if who for phone in material.people[who].phones]
        assert numbers
        assert all(number in first for number in numbers)
        assert all(squeezed(firm.name) in first for firm in material.firms)


def test_each_page_says_whose_it_is_and_which_version(inside: Inside) -> None:
    with inside(Language.ENGLISH) as material:
        found = pages(printed(material, PaperKind.ALL))
        for number, page in enumerate(found, 1):
            told = squeezed(page)
            assert squeezed(material.base.organisation.name) in told
            assert squeezed("Version 2") in told
            assert material.digest[:16] in told
            assert squeezed(f"Page {number} of {len(found)}") in told


def test_page_one_says_who_approved_what_stands_there(inside: Inside) -> None:
    with inside(Language.ENGLISH) as material:
        assert "Not approved" in pages(printed(material, PaperKind.CARD))[0], "the sample was changed after version 2"
        assert material.version is not None
        same = replace(material, digest=material.version.digest)
        assert "by Henk Bakker" in pages(printed(same, PaperKind.CARD))[0]


def test_every_item_of_the_handbook_stands_on_the_whole_plan(inside: Inside) -> None:
    with inside(Language.DUTCH) as material:
        told = squeezed(" ".join(pages(printed(material, PaperKind.ALL))))
        assert [item.id for item in items() if squeezed(item.title) not in told] == []
        names = [str(name) for _, found in material.base.inventory for name in found["name"]]
        assert names
        assert [name for name in names if squeezed(name) not in told] == []


def test_staff_get_no_private_numbers(inside: Inside) -> None:
    with inside(Language.DUTCH) as material:
        told = squeezed(" ".join(pages(printed(material, PaperKind.STAFF))))
        first = material.plan.assignments["runbook.first-contact", "holder"]
        allowed = {phone for who in (first.contact_id, first.deputy_id) if who for phone in material.people[who].phones}
        others = {phone for one in material.people.values() for phone in one.phones} - allowed
        others -= {number(firm.phone) for firm in material.firms}
        private = [phone for phone in others if squeezed(phone) in told]
        assert private == []


def test_secrets_of_the_inventory_are_only_hinted_at(inside: Inside) -> None:
    with inside(Language.DUTCH) as material:
        stored = [str(key) for _, found in material.base.inventory for key in found.get("licence_key", ())]
        keys = [key for key in stored if len(key) > 6]
        assert keys
        told = squeezed(" ".join(pages(printed(material, PaperKind.ALL))))
        assert not [key for key in keys if squeezed(key) in told]


def test_the_same_plan_gives_the_same_bytes(inside: Inside) -> None:
    with inside(Language.DUTCH) as material:
        assert printed(material, PaperKind.CARD) == printed(material, PaperKind.CARD)


def test_no_text_is_taken_for_markup(inside: Inside) -> None:
    with inside(Language.DUTCH):
        db.session().add(System(name=HOSTILE[:200], recovery_priority=1, rto_hours=1))
        db.session().add(RecoveryStep(position=99, text=HOSTILE))
        db.session().add(Contact(name=HOSTILE[:200]))
    with inside(Language.DUTCH) as material:
        told = squeezed(" ".join(pages(printed(material, PaperKind.ALL))))
    assert told.count(squeezed(HOSTILE)) >= 2


def test_a_sign_that_the_typeface_lacks_is_a_question_mark(inside: Inside) -> None:
    with inside(Language.DUTCH):
        db.session().add(RecoveryStep(position=99, text="Bel \N{FIRE} \u4e2d \u200b \x07 \ue000 Łódź Ωδή Жш"))
    with inside(Language.DUTCH) as material:
        told = squeezed(" ".join(pages(printed(material, PaperKind.IT))))
    assert "Bel?????ŁódźΩδήЖш" in told


def test_a_plan_without_anything_in_it_can_be_printed(app: object, cast: object, inside: Inside) -> None:
    with inside(Language.ENGLISH) as material:
        bare = material.__class__(
            base=material.base, people={}, firms=(), instruction=None, version=None, digest=material.digest
        )
        assert "Draft" in pages(print_paper(VARIANTS[PaperKind.STAFF], bare, PRINTED))[0]


def test_a_document_that_cannot_be_set_is_a_mistake_of_ours() -> None:
    with pytest.raises(SettingFailed, match="exit status"):
        set_document("plan", {})


def test_a_young_plan_is_no_list_of_faults(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), scoped(whole(cast.bakery.id)), written_in(Language.ENGLISH):
        material = gather_paper(cast.bakery.id, clock.today())
        assert len(material.base.gaps) > len(items())
        rows = [row for block in findings(material).blocks for row in block.rows]
        assert {len(row) for row in rows} == {2}, "nothing is wrong, so nothing stands in a line of its own"
        assert {title for _section, titles in rows for title in titles.split("; ")} == {one.title for one in items()}
        assert len(pages(printed(material, PaperKind.ALL))) <= 5


def test_what_lapsed_is_told_line_by_line_beside_what_is_not_filled_in(inside: Inside) -> None:
    with inside(Language.ENGLISH) as material:
        wrong = [gap for gap in material.base.gaps if not gap.unfilled and not gap.code.startswith("scheme.")]
        rows = [row for block in findings(material).blocks for row in block.rows if len(row) == 4]
        assert [row[3] for row in rows] == [gap.text for gap in wrong]
        assert len(rows) > 20
