"""Where the rows of a list lead to is where each of them leads to by itself."""

from uuid import UUID

from flask import Flask, g

from audits.findings.links import ASSET, REGISTER_OF_KIND, Links, item_link, link
from plans import handbook
from tenants.relations import find_standing
from tests.cast import Cast


def test_every_item_is_linked_in_a_list_as_it_is_alone(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/o/bakery/findings"):
        g.standing = find_standing(cast.owner.id, "bakery")
        of_item = Links().of_item
        for code in handbook.by_id():
            assert of_item(code) == item_link(code) == link(code, "", None, "::", of_item)
        assert of_item("runbook.team").startswith("/o/bakery/")


def test_every_row_is_linked_in_a_list_as_it_is_alone(app: Flask, cast: Cast) -> None:
    rows = [UUID(int=number << 64) for number in (1, 2)]
    kinds = [("upkeep.responsible", kind) for kind in REGISTER_OF_KIND]
    kinds += [(code, ASSET) for code, item in handbook.by_id().items() if item.section == "inventory"]
    with app.test_request_context("/o/bakery/findings"):
        g.standing = find_standing(cast.owner.id, "bakery")
        links = Links()
        for code, kind in kinds:
            for row in rows:
                listed = link(code, kind, row, "", links.of_item, links.of_row)
                assert listed == link(code, kind, row, "")
                assert listed.startswith("/o/bakery/registers/"), kind
                assert listed.endswith(f"/{row}")
