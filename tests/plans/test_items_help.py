"""Every item tells why it is asked, with an example, in words of its own."""

from flask import Flask

from plans.handbook import items
from plans.help import HELP, PLAINLY
from tests.cast import Cast
from tests.plans.items_scene import SignIn, page


def test_every_item_has_a_reason_and_an_example_in_handbook_order(app: Flask) -> None:
    assert list(HELP) == [item.id for item in items()]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        reasons = [str(why.text) for why in HELP.values()]
        examples = [str(why.example) for why in HELP.values()]
    assert len({*reasons, *examples}) == 2 * len(items())
    for text in (*reasons, *examples):
        assert 20 <= len(text) <= 220, text
    for reason in reasons:
        assert reason.count(".") + reason.count("?") + reason.count("!") <= 3, reason


def test_jargon_is_told_in_plain_words_under_the_title(visitor: SignIn, cast: Cast, app: Flask) -> None:
    assert set(PLAINLY) <= set(HELP)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        told = [str(text) for text in PLAINLY.values()]
    assert len(set(told)) == len(told)
    for text in told:
        assert text.count(".") + text.count("?") <= 5, text
    shown = visitor(cast.reader).get(page(cast.bakery, "backup.encrypted")).get_data(as_text=True)
    assert "Encrypted means: without the password or the key nobody can read it." in shown
    assert 'class="lead measure"' not in visitor(cast.reader).get(page(cast.bakery, "inventory.tablets")).text


def test_the_reason_stands_on_the_page(visitor: SignIn, cast: Cast) -> None:
    shown = visitor(cast.reader).get(page(cast.bakery, "backup.air-gapped")).get_data(as_text=True)
    assert "It cannot touch a disk that is not connected." in shown
    assert "Two disks in turn" in shown
