// A sealed delivery opened by two officers. What comes out is shown on this page and is nowhere else.
import {compare, readManifest} from "./sealing/contents.js";
import {SECRET, Told, able, armoured, identityIn, openWith} from "./sealing/keys.js";
import {ask, refused, send} from "./sealing/sending.js";
import {untar} from "./sealing/tar.js";
import {tell, working} from "./sealing/telling.js";

const AGE = "age-encryption.org/v1\n";
const textOf = bytes => new TextDecoder().decode(bytes);
const forgetTyped = part => {
  for (const typed of part.querySelectorAll("input, textarea")) typed.value = "";
};

// The first officer: what comes out is sealed to the second one, and is all that is sent.
async function passOn(part, form) {
  const second = form.querySelector("input[name=second]:checked")?.value;
  if (!second) throw new Told("no-second");
  const half = await openWith(await identityIn(part), JSON.parse(part.dataset.layers)[second]);
  if (!textOf(half.subarray(0, AGE.length)).startsWith(AGE)) throw new Told("damaged");
  const body = new FormData(form);
  body.set("half", armoured(half));
  await send(part, form, body);
}

// The second officer: the key is tried before the contents are asked for, because asking is written down.
async function openContents(part, form, contents) {
  const once = textOf(await openWith(await identityIn(part), contents.dataset.half)).match(SECRET);
  if (!once) throw new Told("damaged");
  const answer = await ask(form);
  if (!answer.ok || !answer.headers.get("Content-Type")?.includes("tar")) await refused(part, answer);
  const arrived = new Uint8Array(await answer.arrayBuffer().catch(() => {
    throw new Told("no-connection");
  }));
  let inside;
  try {
    inside = untar(await openWith(once[0].toUpperCase(), untar(arrived).get("body.age")));
  } catch {
    throw new Told("contents-damaged");
  }
  forgetTyped(part);
  show(contents, inside);
  part.hidden = true;
}

function show(contents, inside) {
  const shown = contents.querySelector("[data-shown]");
  const checks = compare(readManifest(inside.get("manifest.json") ?? new Uint8Array()), JSON.parse(contents.dataset.about));
  for (const [name, {verdict, words}] of Object.entries(checks)) {
    const line = shown.querySelector(`[data-check=${name}]`);
    line.querySelector("[data-found]").textContent = words;
    for (const one of line.querySelectorAll("[data-verdict]")) one.hidden = one.dataset.verdict !== verdict;
  }
  const right = Object.values(checks).every(({verdict}) => verdict !== "bad");
  for (const one of shown.querySelectorAll("[data-verdict-all]")) one.hidden = (one.dataset.verdictAll === "good") !== right;
  shown.querySelector("[data-plain]").textContent = textOf(inside.get("secret.txt") ?? new Uint8Array());
  const links = [...inside].filter(([name]) => name !== "manifest.json" && name !== "secret.txt").map(([name, bytes]) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = link.textContent = name.split("/").pop();
    const line = document.createElement("li");
    line.append(link);
    return line;
  });
  shown.querySelector("[data-files]").replaceChildren(...links);
  const closing = contents.querySelector("[data-close-form]");
  closing.hidden = false;
  closing.querySelector(`input[name=matched][value=${right ? "yes" : "no"}]`).checked = true;
  shown.hidden = false;
  shown.scrollIntoView();
}

function clear(contents) {
  for (const link of contents.querySelectorAll("[data-files] a")) URL.revokeObjectURL(link.href);
  contents.querySelector("[data-files]").replaceChildren();
  for (const place of contents.querySelectorAll("[data-plain], [data-found]")) place.textContent = "";
  contents.querySelector("[data-shown]").hidden = true;
  for (const part of contents.querySelectorAll("[data-opener-second]")) part.hidden = false;
}

function begin(part, work) {
  const button = part.querySelector("[data-go]");
  part.hidden = false;
  button.addEventListener("click", () => working(part, button, work));
  part.addEventListener("input", () => tell(part, ""));
  // A browser may keep a page that was left, to show it again when somebody goes back.
  window.addEventListener("pagehide", () => forgetTyped(part));
}

if (able) {
  for (const told of document.querySelectorAll("[data-unable]")) told.hidden = true;
  for (const part of document.querySelectorAll("[data-opener-first]"))
    begin(part, () => passOn(part, document.querySelector("[data-first-form]")));
  for (const part of document.querySelectorAll("[data-opener-second]")) {
    const contents = part.closest("[data-contents]");
    begin(part, () => openContents(part, document.querySelector("[data-second-form]"), contents));
    window.addEventListener("pagehide", () => clear(contents));
  }
}
