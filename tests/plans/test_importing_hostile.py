"""Strange and hostile files by the page that takes them: each is answered in words, in both languages."""

import html
import io
import re

import pytest
from flask import Flask

from core.i18n import Language, written_in
from core.sheets.reading import DEFAULT_LIMITS, Place, Unreadable, UnreadableCode
from tests.cast import Cast
from tests.core.sheets_hostile_files import FILES
from tests.visitor import Visitor

pytestmark = pytest.mark.once


def said(app: Flask, code: UnreadableCode, language: Language) -> str:
    """Return by which sentences a file is refused, without where to look."""
    with app.app_context(), written_in(language):
        return Unreadable(code, DEFAULT_LIMITS, Place()).message()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_or_refused_in_words(app: Flask, cast: Cast, name: str, language: Language) -> None:
    sent_as, make, code = FILES[name]
    visitor = Visitor(app, cast.owner)
    visitor.client.set_cookie("language", language.value)
    sent = {"csrf_token": visitor.token, "file": (io.BytesIO(make()), sent_as)}
    answer = visitor.client.post("/o/bakery/import/", data=sent, buffered=True)
    answer.request.environ["wsgi.input"].close()  # a file of the test's own, where it sent much
    if code is None:
        assert answer.status_code == 302
        assert visitor.get(answer.location).status_code == 200
    else:
        assert answer.status_code == 422
        shown = " ".join(html.unescape(re.sub("<[^>]+>", " ", answer.get_data(as_text=True))).split())
        assert said(app, code, language) in shown
