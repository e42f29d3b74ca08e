// The offline kit as a page that opens itself: from a stick, without network, in whatever browser is there.
// It fetches, sends and keeps nothing. What is opened lives in this page until it is closed.
import {Told, fingerprintOf, openWith, readLines} from "./opening/age_file.js";
import {shownFiles} from "./opening/shown.js";

const root = document.documentElement;
const parts = [...document.querySelectorAll("[data-part]")];
const all = chosen => parts.flatMap(part => [...part.querySelectorAll(chosen)]);
const hide = (chosen, hidden) => all(chosen).forEach(one => { one.hidden = hidden; });
const tell = name => all("[data-told]").forEach(one => { one.hidden = one.dataset.told !== name; });
const current = () => parts.find(part => !part.hidden);

let sealed = null;
let addresses = [];
let opened = 0;

function speak(language) {
  const typed = current()?.querySelector("input")?.value;
  for (const part of parts) {
    part.hidden = part.lang !== language;
    if (!part.hidden) document.title = part.dataset.title;
    if (typed !== undefined) part.querySelector("input").value = typed;
  }
  root.lang = language;
  for (const button of document.querySelectorAll("[data-speak]"))
    button.setAttribute("aria-pressed", String(button.dataset.speak === language));
}

function addressOf(bytes, type) {
  const address = URL.createObjectURL(new Blob([bytes], {type}));
  addresses.push(address);
  return address;
}

function forget() {
  opened += 1;
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  for (const place of all("[data-files], [data-title-of], [data-frame]")) place.replaceChildren();
  for (const link of all("[data-zip]")) link.removeAttribute("href");
  for (const input of all("input")) input.value = "";
  for (const place of all("[data-plan]")) place.classList.remove("large");
  document.body.classList.remove("behind");
  hide("[data-opened]", true);
  hide("[data-closed]", false);
}

function show({zip, files}) {
  const zipAddress = addressOf(zip, "application/zip");
  for (const link of all("[data-zip]")) link.href = zipAddress;
  for (const part of parts) shownFiles(part, files, addressOf);
  for (const input of all("input")) input.value = "";
  hide("[data-closed]", true);
  hide("[data-opened]", false);
  current().querySelector("[data-title-of]").focus();
}

function working(busy) {
  hide("[data-working]", !busy);
  for (const one of all("[data-closed] button, [data-closed] input")) one.disabled = busy;
  for (const one of all("progress")) one.value = 0;
}

async function open() {
  const typed = current().querySelector("input").value;
  const turn = opened;
  tell(typed.trim() ? "" : "empty");
  if (typed.trim()) {
    working(true);
    try {
      const found = await openWith(sealed, typed, done => all("progress").forEach(one => { one.value = done; }));
      working(false);
      if (turn === opened) return show(found);
    } catch (error) {
      working(false);
      tell(error instanceof Told ? error.message : "failed");
    }
  }
  current().querySelector("input").focus();
}

function large(part, on) {
  part.querySelector("[data-plan]").classList.toggle("large", on);
  document.body.classList.toggle("behind", on);
  part.querySelector("[data-larger]").hidden = on;
  part.querySelector("[data-smaller]").hidden = !on;
  part.querySelector(on ? "[data-smaller]" : "[data-larger]").focus();
}

function listen() {
  for (const button of document.querySelectorAll("[data-speak]"))
    button.addEventListener("click", () => speak(button.dataset.speak));
  for (const part of parts) {
    part.querySelector("form").addEventListener("submit", event => {
      event.preventDefault();
      open();
    });
    part.querySelector("[data-close]").addEventListener("click", () => {
      forget();
      tell("closed");
      part.querySelector("input").focus();
    });
    part.querySelector("[data-larger]").addEventListener("click", () => large(part, true));
    part.querySelector("[data-smaller]").addEventListener("click", () => large(part, false));
  }
  // A browser may keep a page that was left, to show it again when somebody goes back.
  window.addEventListener("pagehide", forget);
}

function begin() {
  const holder = document.getElementById("kit");
  sealed = holder ? readLines(holder.textContent) : null;
  hide("[data-unable]", true);
  for (const one of all("[data-with-age]")) one.open = false;
  for (const bar of document.querySelectorAll("[data-languages]")) bar.hidden = parts.length < 2;
  const spoken = (navigator.languages ?? []).map(one => one.slice(0, 2));
  speak(spoken.find(one => parts.some(part => part.lang === one)) ?? parts[0].lang);
  if (!sealed) {
    hide("[data-cut]", false);
    hide("[data-with-age]", true);
    return;
  }
  hide("[data-changed]", fingerprintOf(sealed) === holder.dataset.sha256);
  const address = URL.createObjectURL(new Blob([sealed], {type: "application/octet-stream"}));
  for (const link of all("[data-age-file]")) link.href = address;
  listen();
  hide("[data-closed], [data-ready]", false);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
