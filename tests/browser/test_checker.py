"""The checker itself: a look of text is judged once in each of the colours, and what is not readable is told."""

from collections import defaultdict

from tests.browser.checker import Readable, missed, unfit
from tests.browser.driving import NARROW, Driver
from tests.browser.fitting import cramped

PAGE = """<!doctype html><html lang="en"><title>Bread</title><meta name="viewport" content="width=device-width">
<style>
  body {background: white; color: black} select {background: white url("data:image/svg+xml,<svg/>")}
  @media (prefers-color-scheme: dark) {body {background: black; color: white}}
</style>
<main><h1>Bread</h1><p>Baked</p></main></html>"""


def test_pale_text_is_found_in_the_colours_in_which_it_is_pale(driver: Driver) -> None:
    window = driver.new_window()
    tab = window.new_page()
    readable: Readable = defaultdict(set)
    tab.set_content(PAGE)
    assert unfit(tab, readable) == []
    known = {colours: set(looks) for colours, looks in readable.items()}
    assert set(known) == {"light", "dark"}
    assert unfit(tab, readable) == []
    assert readable == known
    for shade, colours in (("#999", "light"), ("#444", "dark")):
        tab.set_content(PAGE.replace("Baked</p>", f"Baked <b style='color: {shade}'>at night</b></p>"))
        told = unfit(tab, readable)
        assert len(told) == 1
        assert told[0].startswith(f"{colours}: color-contrast: <b")
    window.close()


def test_what_a_finger_or_an_ear_would_miss_is_found(driver: Driver) -> None:
    window = driver.new_window()
    tab = window.new_page()
    near = "<p style='line-height: 16px'><a href='/b'>Bread</a><br><a href='/c'>Cake</a></p>"
    tab.set_content(PAGE.replace("<p>Baked</p>", near))
    assert len(missed(tab)) == 2
    assert any("target-size" in told for told in unfit(tab, defaultdict(set)))
    tab.set_content(PAGE.replace("<p>Baked</p>", near.replace("16px", "30px").replace("<a", "<a style='padding: 6px'")))
    assert missed(tab) == []
    tab.set_content(PAGE.replace("Baked", "<a href='/'><b style='display: none'>Home</b></a>"))
    assert any("link-name" in told for told in missed(tab))
    window.close()


def test_a_control_that_is_cut_is_found_and_put_back(driver: Driver) -> None:
    window = driver.new_window(viewport={"width": NARROW, "height": NARROW})
    tab = window.new_page()
    long = "Agreement of the foundation with the upstream supplier or partner"
    choices = f"<option>All<option>{long}"
    kinds = f"<label>Kind <select name='kind' class='form-select' style='width: 9rem'>{choices}</select></label>"
    tab.set_content(PAGE.replace("<p>Baked</p>", f"<div>{kinds}</div>"))
    assert cramped(tab) == [f"select kind cuts “{long}”"]
    assert tab.locator("select").input_value() == "All"
    for wide in (
        "<input name='wide' style='width: 20rem'>",
        "<a class='btn' style='display: block; width: 20rem'>x</a>",
    ):
        tab.set_content(PAGE.replace("<p>Baked</p>", f"<div style='width: 9rem'>{wide}</div>"))
        assert "wider than its column" in cramped(tab)[0]
    tab.set_content(PAGE.replace("<p>Baked</p>", "<div><select class='form-control'><option>All</select></div>"))
    assert "does not look like a list" in cramped(tab)[0]
    window.close()
