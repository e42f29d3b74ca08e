"""Whether a page fits: nothing sticks out of it, no control out of its column, and no choice is cut."""

from playwright.sync_api import Page as Tab

SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const beyond = element => element.getBoundingClientRect().right > width + 1;
  const told = element => element.outerHTML.slice(0, 120);
  return ["the page", ...[...document.body.querySelectorAll("*")].filter(beyond).slice(-5).map(told)];
}"""
# A list to choose from is looked at with its longest choice in it; all are measured before any is put back.
CRAMPED = """() => {
  const shown = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && element.getBoundingClientRect().width > 1;
  const called = element => element.name || element.id || element.textContent.trim();
  const told = element => `${element.tagName.toLowerCase()} ${called(element)}`;
  const found = [];
  const lists = [...document.querySelectorAll("main select:not([multiple])")].filter(shown);
  const before = lists.map(list => list.selectedIndex);
  const length = option => option.text.length;
  for (const list of lists) {
    const longest = Math.max(...[...list.options].map(length));
    list.selectedIndex = [...list.options].findIndex(option => length(option) === longest);
  }
  for (const list of lists) {
    if (!list.classList.contains("form-select")) found.push(`${told(list)} does not look like a list`);
    if (list.scrollWidth > list.clientWidth + 1) {
      found.push(`${told(list)} cuts “${list.selectedOptions[0].text}”`);
    }
  }
  const controls = "main :is(select, textarea, button, .btn, input:not([type=hidden]))";
  for (const control of [...document.querySelectorAll(controls)].filter(shown)) {
    let column = control.parentElement;
    while (getComputedStyle(column).display.startsWith("inline")) column = column.parentElement;
    const beyond = control.getBoundingClientRect().right - column.getBoundingClientRect().right;
    if (beyond > 1) found.push(`${told(control)} is ${Math.round(beyond)} pixels wider than its column`);
    if (control.matches("button, .btn") && control.scrollWidth > control.clientWidth + 1) {
      found.push(`${told(control)} cuts its words`);
    }
  }
  for (const control of [...document.querySelectorAll("main :is(select, textarea, input:not([type=hidden]))[id]")]) {
    if (document.querySelectorAll(`[id="${CSS.escape(control.id)}"]`).length > 1) {
      found.push(`${told(control)} shares its id with something else`);
    }
  }
  lists.forEach((list, index) => { list.selectedIndex = before[index]; });
  return found;
}"""


def sideways(tab: Tab) -> list[str]:
    """Return what sticks out of the page to the right, as short descriptions; nothing when the page fits."""
    return list(tab.evaluate(SIDEWAYS))


def cramped(tab: Tab) -> list[str]:
    """Return the controls that are cut, wider than their column or not alone in their id, as short descriptions.

    The page stays as it was.
    """
    return list(tab.evaluate(CRAMPED))
