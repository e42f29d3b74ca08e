// An officer's key: made here, kept by the officer, and shown to fit. The secret half never leaves this page.
import {Told, able, inGroups, lockWith, makeKey, openWith, readIdentity} from "./sealing/keys.js";
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
  form.elements.key.value = key.recipient;
  first.value = again.value = "";
  part.querySelector("[data-asked]").hidden = true;
  made.hidden = false;
  link.focus();
}

async function identityFrom(part) {
  const file = part.querySelector("input[type=file]").files[0];
  const typed = part.querySelector("textarea").value;
  if (!file && !typed.trim()) throw new Told("no-key");
  const bytes = file ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(typed.replace(/\s+/g, ""));
  return readIdentity(bytes, part.querySelector("input[type=password]").value);
}

async function open(part, form) {
  const code = new TextDecoder().decode(await openWith(await identityFrom(part), part.dataset.sealed));
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
