"""The form macros: every kind of field has its label, its hint and its error tied to the input."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    Field,
    FieldList,
    FileField,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.form import BaseForm

CHOICES = [SelectChoice("a", "Apple"), SelectChoice("b", "Bread")]
PAGE = """{% import "layout/form.html" as forms with context %}{{ forms.error_summary(form) }}
{% for field in form if field.type != "CSRFTokenField" %}{% if field.type not in ("FormField", "FieldList") %}
{{ forms.field(field) }}{% endif %}{% endfor %}{{ forms.field(form.lines[0].step) }}"""


class Line(FlaskForm):  # type: ignore[misc]
    """A part that is repeated."""

    step = StringField("Step", description="What to do.")


class Everything(FlaskForm):  # type: ignore[misc]
    """One field of each kind."""

    text = StringField("Text", description="A hint.")
    mail = EmailField("Mail", description="A hint.")
    secret = PasswordField("Secret", description="A hint.")
    long = TextAreaField("Long", description="A hint.")
    day = DateField("Day", description="A hint.")
    number = IntegerField("Number", description="A hint.")
    amount = DecimalField("Amount", description="A hint.")
    one = SelectField("One", choices=CHOICES, description="A hint.")
    some = SelectMultipleField("Some", choices=CHOICES, description="A hint.")
    radio = RadioField("Radio", choices=CHOICES, description="A hint.")
    ticks = SelectMultipleField(
        "Ticks",
        choices=CHOICES,
        description="A hint.",
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    yes = BooleanField("Yes", description="A hint.")
    file = FileField("File", description="A hint.")
    lines = FieldList(FormField(Line), min_entries=1)


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag."""
        self.tags.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        """Return all ids in order."""
        return [found["id"] or "" for _, found in self.tags if "id" in found]


def leaves(form: BaseForm) -> Iterator[Field]:
    """Yield every field that takes a value."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from leaves(entry.form)
        elif field.type != "CSRFTokenField":
            yield field


@pytest.fixture
def page(app: Flask) -> Tags:
    """A form in which every field is wrong."""
    with app.test_request_context():
        form = Everything(meta={"csrf": False})
        for field in leaves(form):
            field.errors = ["Wrong."]
        return Tags(render_template_string(PAGE, form=form))


def test_no_id_stands_twice(page: Tags) -> None:
    assert len(page.ids()) == len(set(page.ids()))


def test_everything_that_is_pointed_at_exists(page: Tags) -> None:
    ids = set(page.ids())
    for _, found in page.tags:
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert set((found.get(name) or "").split()) <= ids, found
        href = found.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids


@pytest.mark.parametrize(
    "name", ["text", "mail", "secret", "long", "day", "number", "amount", "one", "some", "yes", "file", "lines-0-step"]
)
def test_input_knows_its_hint_and_its_error(page: Tags, name: str) -> None:
    control = next(found for _, found in page.tags if found.get("id") == name)
    assert control["aria-describedby"] == f"{name}-hint {name}-error"
    assert control["aria-invalid"] == "true"
    assert any(tag == "label" and found.get("for") == name for tag, found in page.tags)


@pytest.mark.parametrize("name", ["radio", "ticks"])
def test_choices_stand_in_a_group_with_a_legend(page: Tags, name: str) -> None:
    places = [place for place, (tag, _) in enumerate(page.tags) if tag == "fieldset"]
    group = next(place for place in places if f"{name}-hint" in (page.tags[place][1].get("aria-describedby") or ""))
    assert page.tags[group + 1][0] == "legend"
    assert f"{name}-0" in page.ids()


def test_summary_links_to_every_wrong_field(page: Tags) -> None:
    links = [found["href"] for tag, found in page.tags if tag == "a"]
    assert links == [
        *(f"#{name}" for name in ("text", "mail", "secret", "long", "day", "number", "amount", "one", "some")),
        "#radio-0",
        "#ticks-0",
        "#yes",
        "#file",
        "#lines-0-step",
    ]


@pytest.mark.parametrize(("name", "keyboard"), [("number", "numeric"), ("amount", "decimal")])
def test_numbers_are_typed_as_text_so_that_a_comma_survives(page: Tags, name: str, keyboard: str) -> None:
    control = next(found for _, found in page.tags if found.get("id") == name)
    assert (control["type"], control["inputmode"]) == ("text", keyboard)


def test_nothing_is_said_about_errors_on_a_form_without_any(app: Flask) -> None:
    with app.test_request_context():
        tags = Tags(render_template_string(PAGE, form=Everything(meta={"csrf": False})))
    assert not any("error" in name for name in tags.ids())
    assert not any("aria-invalid" in found for _, found in tags.tags)


def test_a_question_that_is_wrong_keeps_its_mark_alone(app: Flask) -> None:
    class Asked(FlaskForm):  # type: ignore[misc]
        """A label that is a question, and one that is none."""

        where = StringField("Where is it?")
        kept = StringField("Keeper")

    with app.test_request_context():
        form = Asked()
        form.where.errors, form.kept.errors = ["Fill this in."], ["Choose one."]
        page = render_template_string(
            '{% import "layout/form.html" as forms %}{{ forms.error_summary(form) }}', form=form
        )
    assert "Where is it? Fill this in." in page
    assert "Keeper: Choose one." in page
