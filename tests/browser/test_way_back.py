"""A reseller goes on to a client and comes back to its list as it was."""

from playwright.sync_api import expect

from tests.browser.driving import Driver, enter
from tests.browser.people import Who
from tests.browser.scene import Scene

CLIENT, BACK = "table.cockpit tbody a", ".working-for a"


def test_the_way_back_from_a_client_leads_to_the_list_as_it_was(driver: Driver, scene: Scene) -> None:
    window = driver.new_window()
    tab = window.new_page()
    enter(tab, scene, Who.SUPPLIER)
    tab.goto(f"{scene.address}/o/netvast-it/portfolio/?q=bakkerij&sort=name")
    for _client in range(2):
        tab.locator(CLIENT).first.click()
        expect(tab.locator(BACK)).to_be_visible()
        tab.locator(BACK).click()
        expect(tab).to_have_url(f"{scene.address}/o/netvast-it/portfolio/?q=bakkerij&sort=name")
    tab.goto(f"{scene.address}/o/netvast-it/portfolio/")
    tab.locator(CLIENT).first.click()
    expect(tab.locator(BACK)).to_have_attribute("href", "/o/netvast-it/portfolio/")
    window.close()
