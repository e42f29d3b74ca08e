"""Where the rows of a list lead to is where each of them leads to by itself."""

from flask import Flask, g

from audits.findings.links import item_link, item_links, link
from plans import handbook
from tenants.relations import find_standing
from tests.cast import Cast


def test_every_item_is_linked_in_a_list_as_it_is_alone(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/o/bakery/findings"):
        g.standing = find_standing(cast.owner.id, "bakery")
        of_item = item_links()
        for code in handbook.by_id():
            assert of_item(code) == item_link(code) == link(code, "", None, "::", of_item)
        assert of_item("runbook.team").startswith("/o/bakery/")
