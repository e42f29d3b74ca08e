// An officer's key: made here, kept by the officer, and shown to fit. The secret half never leaves this page.
import {showCards} from "./sealing/cards.js";
import {Told, able, identityIn, inGroups, lockWith, makeKey, openWith} from "./sealing/keys.js";
import {working} from "./sealing/telling.js";

const SHORTEST = 12;

async function make(part, form) {
  const [first, again] = part.querySelectorAll("input[type=password]");
  if ([...first.value].length < SHORTEST) throw new Told("too-short");
  if (first.value !== again.value) throw new Told("differs");
  const key = await makeKey();
  const notes = [part.dataset.title, `public key: ${key.recipient}`, `fingerprint: ${inGroups(key.fingerprint)}`];
  const text = [...notes.map(line => `# ${line}`), key.identity, ""].join("\n");
  const file = new Blob([await lockWith(first.value, text)], {type: "text/plain"});
  const made = part.querySelector("[data-made]");
  const link = made.querySelector("a[download]");
  link.href = URL.createObjectURL(file);
  for (const place of made.querySelectorAll("[data-fingerprint]")) place.textContent = inGroups(key.fingerprint);
  made.querySelector("[data-show-paper]").onclick = () => {
    made.querySelector("[data-secret]").textContent = key.identity;
    made.querySelector("[data-paper]").hidden = false;
    window.print();
  };
  made.querySelector("[data-show-cards]").onclick = event => working(made, event.currentTarget, () =>
    showCards(document.querySelector("[data-cards]"), {...key, fingerprint: inGroups(key.fingerprint)}));
  form.elements.key.value = key.recipient;
  first.value = again.value = "";
  part.querySelector("[data-asked]").hidden = true;
  made.hidden = false;
  link.focus();
}

async function open(part, form) {
  const code = new TextDecoder().decode(await openWith(await identityIn(part), part.dataset.sealed));
  for (const typed of part.querySelectorAll("input, textarea")) typed.value = "";
  form.elements.code.value = code.trim();
  form.requestSubmit();
}

for (const [kind, work] of [["maker", make], ["opener", open]]) {
  for (const part of document.querySelectorAll(`[data-key-${kind}]`)) {
    const button = part.querySelector("[data-go]");
    if (!able) continue;
    part.hidden = false;
    button.addEventListener("click", () =>
      working(part, button, () => work(part, document.querySelector("form[data-key-form]"))));
  }
}
if (able) for (const told of document.querySelectorAll("[data-unable]")) told.hidden = true;
