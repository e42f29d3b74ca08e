"""What is quick about the application is what Flask and the texts say, word for word."""

from uuid import UUID

import pytest
from flask import Flask, url_for
from flask_babel import gettext, lazy_gettext, lazy_ngettext, ngettext
from markupsafe import Markup, escape
from werkzeug.routing import BuildError

from core.i18n import Language, written_in
from core.serving.service import Service
from core.serving.templates import PageTemplate, PageTemplates

pytestmark = pytest.mark.once
ROW = UUID("0190c5d0-7a3e-7cc3-8a1f-0123456789ab")
VALUES = (ROW, "self-check", "een naam é & tekens?", 7)


def asked_of_both(app: Flask, endpoint: str, **values: object) -> tuple[str, str]:
    """The address of a page as the service tells it, twice the same, and as Flask does."""
    told = []
    for asked in (Service.url_for, Service.url_for, Flask.url_for):
        try:
            told.append(asked(app, endpoint, **values))  # type: ignore[arg-type]
        except (BuildError, ValueError) as problem:
            told.append(type(problem).__name__)
    assert told[0] == told[1]
    return told[0], told[2]


@pytest.mark.parametrize("path", ["/o/bakkerij/", "/o/bakkerij/plan/backup/copies?path=backup.copies"])
def test_every_address_is_the_one_flask_tells(app: Flask, path: str) -> None:
    with app.test_request_context(path):
        for rule in app.url_map.iter_rules():
            for value in VALUES:
                values = dict.fromkeys(rule.arguments, value)
                for more in ({"page": "2", "to": None}, {"_anchor": "below", "q": "a b"}):
                    quick, flasks = asked_of_both(app, rule.endpoint, **values, **more)
                    assert quick == flasks, rule
        quick, flasks = asked_of_both(app, ".index" if "plan" not in path else ".overview", slug="bakkerij", page=2)
        assert quick == flasks
        assert url_for("tenants.sign_in", next="/o/x") == "/sign-in?next=/o/x"
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/below"}):
        assert url_for("tenants.sign_in") == "/below/sign-in"


def test_no_blueprint_fills_in_addresses_of_its_own(app: Flask) -> None:
    # They would be left out: what fills in an address is looked for in one place.
    assert [name for name, found in app.url_default_functions.items() if found] == [None]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("name", "shown"), [("page.html", "&lt;Jansen&gt;"), ("letter.txt", "<Jansen>")])
def test_texts_of_templates_are_those_of_the_language(app: Flask, language: Language, name: str, shown: str) -> None:
    source = """{{ _("Findings") }}|{{ _("Nothing was kept of %(day)s yet.", day=who) }}|{{ _(later) }}"""
    source += """|{{ ngettext("%(num)s finding", "%(num)s findings", 2) }}"""
    with app.test_request_context("/"), written_in(language):
        templates = app.jinja_env
        assert isinstance(templates, PageTemplates)
        for chosen in (templates, templates.spoken_in(language)):
            code = chosen.compile(source, name=name)
            made = chosen.template_class.from_code(chosen, code, chosen.make_globals(None))
            told = made.render(who="<Jansen>", later="What lapses").split("|")
            assert told == [
                gettext("Findings"),
                gettext("Nothing was kept of %(day)s yet.", day=shown),
                gettext("What lapses"),
                ngettext("%(num)s finding", "%(num)s findings", 2),
            ]
            assert (told[0] == "Findings") is (language is Language.ENGLISH)


@pytest.mark.parametrize(
    "value",
    [
        "<a href='x'>\"&\"</a>",
        Markup("<b>"),
        Language.DUTCH,
        7,
        None,
        True,
        1.5,
        lazy_gettext("Findings"),
        lazy_gettext("Nothing was kept of %(day)s yet.", day="today"),
        lazy_ngettext("%(num)s finding", "%(num)s findings", 2),
        ["<"],
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_what_a_template_shows_is_escaped_once(app: Flask, language: Language, value: object) -> None:
    source = "{% macro drawn(it) %}<i>{{ it }}</i>{% endmacro %}{% set kept %}{{ value }}{% endset %}"
    source += "{{ value }}|{{ kept }}|{{ drawn(value) }}|{{ value ~ value }}|{{ [value, value]|join }}"
    with app.test_request_context("/"), written_in(language):
        templates = app.jinja_env
        assert isinstance(templates, PageTemplates)
        once = escape(value)
        for chosen in (templates, templates.spoken_in(language)):
            code = chosen.compile(source, name="page.html")
            made = PageTemplate.from_code(chosen, code, chosen.make_globals(None))
            assert made.render(value=value) == f"{once}|{once}|<i>{once}</i>|{once}{once}|{once}{once}"
