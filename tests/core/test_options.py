"""Lists to choose from are written as WTForms writes them."""

import pytest
import wtforms
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information

from core.serving.options import SelectField

CHOICES = (
    SelectChoice("", "–"),
    SelectChoice("a", 'Jansen & "Zonen" <bv>'),
    SelectChoice("'b\" <&>", Markup("<b>ready</b>")),
    SelectChoice("c", ""),
    SelectChoice("d", "Closed", render_kw={"disabled": True}),
    SelectChoice(5, "Five"),
    SelectChoice(True, "Yes"),
    SelectChoice("grouped", "In a group", optgroup="A & B"),
)


@pytest.mark.once
@pytest.mark.parametrize("chosen", ["", "a", "'b\" <&>", "5", "elsewhere"])
def test_a_list_is_written_as_wtforms_writes_it(chosen: str) -> None:
    class Form(wtforms.Form):
        ours = SelectField("Ours", choices=list(CHOICES), default=chosen)
        theirs = wtforms.SelectField("Theirs", choices=list(CHOICES), default=chosen)

    form = Form()
    assert str(form.ours(class_="x")).replace("ours", "theirs") == str(form.theirs(class_="x"))
