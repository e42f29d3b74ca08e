"""The table of pages is complete: what is not in it is neither looked at nor photographed."""

from tests.browser.pages import PAGES
from tests.browser.scene import Scene

# Opened in the journey of sealing: they wait for a key that only a browser makes.
IN_A_JOURNEY = {"officers.key_prove", "foundation.opening"}
# No page: a file, a redirect, or an answer for machines.
NOT_PAGES = {
    "static",
    "fails",  # looked at as error..*
    "checker",  # of the tests themselves
    "health.healthz",
    "well_known.security",
    "well_known.change_password",
    "well_known.robots",
    "tenants.start",
    "plans.own",
    "registers.cell",
    "certificate.badge",
    "certificate.pdf",
    "continuity.agreement_file",
    "continuity.delivery_file",
    "foundation.delivery_file",
    "foundation.late_proof",
    "continuity.declaration_file",
    "deed_answer.receipt",
    "plans.evidence",
    "plans.sighting_photo",
    "room.here",
    "room.file",
    "requests.file",
    "calamity.now",
    "made.download",
    "person_data.download",
    "reminders.calendar_feed",
}


def test_every_page_is_in_the_table(scene: Scene) -> None:
    shown = {page.endpoint for page in PAGES}
    rules = scene.app.url_map.iter_rules()
    # Programs ask the API; its answers are no pages.
    opened = {one.endpoint for one in rules if "GET" in (one.methods or ()) and not one.endpoint.startswith("api.")}
    assert opened - NOT_PAGES - IN_A_JOURNEY <= shown


def test_the_table_names_only_pages_that_exist(scene: Scene) -> None:
    known = set(scene.app.view_functions) | {"error"}
    assert {page.endpoint for page in PAGES} <= known
    assert len({page.name for page in PAGES}) == len(PAGES)
