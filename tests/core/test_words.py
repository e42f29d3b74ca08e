"""Words and numbers as people say them."""

import pytest
from flask import Flask, render_template_string
from flask_babel import lazy_gettext
from wtforms import Form, StringField

from core.i18n import Language, hours_text, size_text, written_in
from core.serving.templates import PageTemplates, says


@pytest.mark.once
@pytest.mark.parametrize(
    ("hours", "told"), [(1, "1 uur"), (8, "8 uur"), (24, "24 uur"), (48, "2 dagen"), (50, "50 uur"), (168, "7 dagen")]
)
def test_a_week_is_not_told_in_hours(app: Flask, hours: int, told: str) -> None:
    with app.test_request_context(), written_in(Language.DUTCH):
        assert hours_text(hours) == told


@pytest.mark.once
@pytest.mark.parametrize(
    ("size", "dutch", "english"),
    [(999, "999 bytes", "999 bytes"), (13_540, "13,5 kB", "13.5 kB"), (2_000_000, "2 MB", "2 MB")],
)
def test_the_size_of_a_file_has_the_reader_s_comma(app: Flask, size: int, dutch: str, english: str) -> None:
    for language, told in ((Language.DUTCH, dutch), (Language.ENGLISH, english)):
        with app.test_request_context(), written_in(language):
            assert size_text(size) == told


@pytest.mark.once
@pytest.mark.parametrize(
    ("sentence", "name", "said"),
    [
        ("Vul uw e-mailadres in.", "E-mailadres", True),
        ("Dit is niet hetzelfde als hierboven.", "De wachtwoordzin nog een keer", False),
        ("Controleer dit.", "Rol", False),
        ("Fill in your name (first and last).", "Name (first and last)", False),
    ],
)
def test_a_name_that_stands_in_the_sentence_is_not_said_twice(sentence: str, name: str, said: bool) -> None:
    assert says(sentence, name) is said


@pytest.mark.once
def test_what_fills_a_text_is_never_markup(app: Flask) -> None:
    told = lazy_gettext("Loop: %(loop)s.", loop="<b>'Till' & co</b>")
    templates = app.jinja_env
    assert isinstance(templates, PageTemplates)
    for language in Language:
        with app.test_request_context(), written_in(language):
            page = templates.spoken_in(language).from_string("{{ told }}").render(told=told)
            assert page == "Loop: &lt;b&gt;&#39;Till&#39; &amp; co&lt;/b&gt;."
    with app.test_request_context():
        assert "<b>" not in render_template_string("{{ told }} {{ told|forceescape }} {{ told|e }}", told=told)
        assert render_template_string("{{ told }}", told=told).startswith("Loop: &lt;b&gt;&#39;Till&#39; &amp; co")
        assert str(told) == "Loop: <b>'Till' & co</b>."
        label = StringField(told, name="loop", _form=Form()).label
        assert "<b>" not in render_template_string("{{ label }} {{ label.text }}", label=label)
