"""The checker of accessibility: every rule on each page, and the colours of what was not yet seen in these colours."""

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from flask import Flask, Response
from playwright.sync_api import Page as Tab

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# By itself the checker leaves out how large is what one presses, and how far apart.
TARGETS = "target-size"
NAMES = ["link-name", "button-name", "summary-name"]
EVERY_RULE: dict[str, Any] = {"runOnly": {"type": "tag", "values": STANDARDS}, "rules": {TARGETS: {"enabled": True}}}
# Working out what each text stands on takes longer than all else together.
BUT_CONTRAST: dict[str, Any] = {**EVERY_RULE, "rules": {**EVERY_RULE["rules"], "color-contrast": {"enabled": False}}}
# Whatever is no colour is the same in the dark.
COLOURS_ONLY: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# One element for each look of text on the page: its colour, size and weight, and all it stands on. Only a look that
# the checker judged to be readable needs no judging on the next page; one that it could not judge is asked again,
# unless it stands on a picture.
NEW_LOOKS = """async ({known, rules}) => {
  const clear = colour => colour === "rgba(0, 0, 0, 0)" || colour === "transparent";
  const grounds = new Map();
  const ground = element => {
    if (!element) return "";
    if (!grounds.has(element)) {
      const style = getComputedStyle(element);
      const own = [clear(style.backgroundColor) ? "" : style.backgroundColor, style.backgroundImage, style.opacity,
        style.mixBlendMode, style.filter, style.position].join(" ");
      const below = ground(element.parentElement);
      grounds.set(element, own === " none 1 normal none static" ? below : `${own} < ${below}`);
    }
    return grounds.get(element);
  };
  const textless = "[type=checkbox], [type=radio], [type=range], [type=color], [type=hidden], [type=image]";
  const told = element => element.matches(`input:not(${textless}), select, textarea`)
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const onPage = box => box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0;
  const seen = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && onPage(element.getBoundingClientRect()) && !element.closest(":disabled, [aria-disabled=true]");
  const look = element => {
    const style = getComputedStyle(element), around = getComputedStyle(element.parentElement);
    const link = element.closest("a") ? [around.color, style.textDecorationLine, style.borderBottomWidth] : [];
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, ...link, ground(element)].join(" | ");
  };
  const before = new Set(known), found = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!told(element) || !seen(element)) continue;
    const key = look(element);
    if (!before.has(key) && !found.has(key)) found.set(key, element);
  }
  if (!found.size) return {violations: [], readable: []};
  const judged = await axe.run({include: [...found.values()]}, {...rules, elementRef: true, selectors: false});
  const nodes = rules => rules.filter(rule => rule.id === "color-contrast").flatMap(rule => rule.nodes);
  // What stands on a picture, as the arrow of a select, is never judged: its look says so on every page.
  const onPicture = node => node.any.some(({data}) => data?.messageKey === "bgImage");
  const done = [...nodes(judged.passes), ...nodes(judged.incomplete).filter(onPicture)].map(node => node.element);
  const fine = new Set(done);
  const plain = ({id, nodes}) => ({id, nodes: nodes.map(({html, failureSummary}) => ({html, failureSummary}))});
  return {violations: judged.violations.map(plain),
    readable: [...found].filter(([, element]) => fine.has(element)).map(([key]) => key)};
}"""


# From where the service under test hands the checker out, for the browser to keep it compiled: a script that is told
# to each page anew takes longer to come in than to run.
ADDRESS = "/checker.js"
# A page of no service, such as a file, is told the script itself. What stands on the page stays as it was.
FETCH = """address => {
  if ("axe" in window) return true;
  if (!location.protocol.startsWith("http")) return false;
  return new Promise((fetched, failed) => {
    const script = document.createElement("script");
    script.onload = () => { script.remove(); fetched(true); };
    script.onerror = () => failed(new Error(`no checker at ${address}`));
    script.src = address;
    document.head.append(script);
  });
}"""
# Only what is told is worked out and sent over: not where each element stands, not every rule of style, which none of
# STANDARDS reads.
RUN = """async rules => {
  const sparing = {resultTypes: ["violations"], selectors: false, preload: {assets: ["media"]}};
  const {violations} = await axe.run(document, {...rules, ...sparing});
  const plain = ({id, nodes}) => ({id, nodes: nodes.map(({html, failureSummary}) => ({html, failureSummary}))});
  return {violations: violations.map(plain)};
}"""
Colours = Literal["light", "dark"]
COLOURS: tuple[Colours, ...] = ("light", "dark")
# By colours of the page: the looks of text that were found readable.
Readable = defaultdict[Colours, set[str]]


@cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def add_checker(app: Flask) -> None:
    """Let the service hand out the checker at ADDRESS, for the browser to keep."""

    @app.get(ADDRESS)
    def checker() -> Response:
        answer = Response(_script(), content_type="text/javascript; charset=utf-8")
        answer.headers["Cache-Control"] = "max-age=86400, immutable"
        return answer


def violations(tab: Tab, colours: Colours, rules: dict[str, Any]) -> list[str]:
    """Return what the checker finds on the page in these colours, one line per rule and place."""
    _ready(tab, colours)
    return _told(tab.evaluate(RUN, rules), colours)


def unfit(tab: Tab, readable: Readable) -> list[str]:
    """Return what is wrong on the page for anybody, in light and in the dark, one line per rule and place.

    readable: the looks of text that were found readable on pages before; those of this page are added.
    """
    _ready(tab, "light")
    wrong = _told(tab.evaluate(RUN, BUT_CONTRAST), "light")
    for colours in COLOURS:
        _show(tab, colours)
        found = tab.evaluate(NEW_LOOKS, {"known": sorted(readable[colours]), "rules": COLOURS_ONLY})
        readable[colours].update(found["readable"])
        wrong += _told(found, colours)
    return wrong


def missed(tab: Tab) -> list[str]:
    """Return what a finger or an ear would miss at the width the page has now.

    Smaller than 24 pixels and too near another; or without a name, since its words stand there on wide pages alone.
    """
    return violations(tab, "light", {"runOnly": {"type": "rule", "values": [TARGETS, *NAMES]}})


def _ready(tab: Tab, colours: Colours) -> None:
    """Show the page in these colours, with the checker in it."""
    _show(tab, colours)
    if not tab.evaluate(FETCH, ADDRESS):
        tab.evaluate(_script())


def _show(tab: Tab, colours: Colours) -> None:
    tab.emulate_media(color_scheme=colours, reduced_motion="reduce")


def _told(found: dict[str, Any], colours: str) -> list[str]:
    return [
        f"{colours}: {rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
