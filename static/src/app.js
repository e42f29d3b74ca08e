// Entry point of the page script. Every action also works without it.
import "htmx.org";
import "./parts/drafts.js";
import "./parts/way_back.js";

// A step that only exists so that opening an address changes nothing: where script runs, nobody has to press it.
document.querySelector("form[data-send-at-once]")?.requestSubmit();

// On paper stands what the list was narrowed to, not what somebody began to choose and did not ask for.
addEventListener("beforeprint", () => {
  for (const form of document.querySelectorAll("form.filters")) form.reset();
});

// A menu that hangs over the page goes away by Escape, or when somebody looks elsewhere.
const menus = () => document.querySelectorAll("details.person[open]");

document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", event => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
