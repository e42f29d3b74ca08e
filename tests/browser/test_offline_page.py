"""The page of the offline kit in a real browser without network: searched, ticked, printed, fit for everybody."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page as Tab

from audits.paper.material import gather_paper
from audits.paper.offline import offline_page
from audits.paper.printing import Printed
from audits.workbooks.material import Made
from core import clock, db
from core.i18n import Language, written_in
from tenants.models import Tenant
from tenants.scope import scoped, whole
from tests.browser.checker import unfit
from tests.browser.driving import HEIGHT, NARROW, WIDE, ZOOMED, Driver
from tests.browser.fitting import sideways
from tests.browser.people import Who
from tests.browser.scene import Scene


@pytest.fixture(params=list(Language))
def tab(request: pytest.FixtureRequest, scene: Scene, driver: Driver, tmp_path: Path) -> Iterator[Tab]:
    """The page, opened from a file in a window that reaches nothing."""
    slug = scene.people[Who.OWNER].slug
    with scene.app.app_context():
        tenant_id = db.session().scalars(sa.select(Tenant.id).where(Tenant.slug == slug)).one()
        db.rollback()
    printed = Printed(Made(datetime(2026, 11, 22, 12, tzinfo=UTC), "Henk"))
    chosen = Language(request.param)
    with scene.app.test_request_context(), scoped(whole(tenant_id), writes=False), written_in(chosen):
        page = offline_page(gather_paper(tenant_id, clock.today()), printed)
    file = tmp_path / "plan.html"
    file.write_bytes(page)
    window = driver.new_window(offline=True, viewport={"width": WIDE, "height": HEIGHT})
    opened = window.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(file.as_uri())
    yield opened
    window.close()
    assert complaints == []


def test_what_is_searched_is_all_that_stays(tab: Tab) -> None:
    rows = tab.locator("tbody tr:visible")
    before = rows.count()
    tab.locator("#search").fill("henk kluis")
    assert 0 < rows.count() < before
    assert all("henk" in text.lower() and "kluis" in text.lower() for text in rows.all_text_contents())
    assert str(tab.locator("#found").text_content()).strip()
    tab.locator("#search").fill("")
    assert rows.count() == before


def test_a_step_is_ticked_with_its_time_and_nothing_is_kept(tab: Tab) -> None:
    box = tab.locator("input[type=checkbox]").first
    box.check()
    assert ":" in str(box.locator("xpath=following-sibling::span[1]").text_content())
    box.uncheck()
    assert not tab.locator("input[type=checkbox] + span").first.text_content()
    box.check()
    tab.reload()
    assert tab.locator("input[type=checkbox]:checked").count() == 0


def test_the_page_is_fit_for_everybody(tab: Tab) -> None:
    assert unfit(tab, defaultdict(set)) == []
    for width in (NARROW, ZOOMED):
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        assert sideways(tab) == []
