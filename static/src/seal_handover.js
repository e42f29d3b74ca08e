// A delivery sealed here, in the supplier's browser. What was typed or chosen is not sent; what is sent nobody opens alone.
import {envelope} from "./sealing/envelope.js";
import {Told, able, fingerprintOf, inGroups} from "./sealing/keys.js";
import {send} from "./sealing/sending.js";
import {tell, working} from "./sealing/telling.js";

async function seal(part, form) {
  const secret = part.querySelector("[data-secret]").value;
  const files = [...part.querySelector("[data-files]").files];
  if (!secret.trim() && !files.length) throw new Told("nothing");
  if (!form.elements.specification.value.trim()) throw new Told("no-specification");
  const limit = Number(part.dataset.limit);
  if (files.reduce((total, file) => total + file.size, secret.length * 3) > limit) throw new Told("too-large");
  const inside = [...part.querySelectorAll("[data-inside]:checked")].map(box => box.value);
  const about = {
    ...JSON.parse(part.dataset.about),
    sealed_at: new Date().toISOString(),
    inside,
    specification: form.elements.specification.value,
  };
  const made = await envelope(JSON.parse(part.dataset.recipients), about, secret, files);
  const body = new FormData(form);
  body.set("envelope", new File([made], "delivery.tar", {type: "application/x-tar"}));
  await send(part, form, body);
}

for (const part of able ? document.querySelectorAll("[data-sealer]") : []) {
  const form = document.querySelector("form[data-delivery]");
  const button = part.querySelector("[data-go]");
  part.hidden = false;
  for (const told of document.querySelectorAll("[data-unable]")) told.hidden = true;
  for (const [place, recipient] of JSON.parse(part.dataset.recipients).entries()) {
    fingerprintOf(recipient).then(found => {
      part.querySelectorAll("[data-fingerprint]")[place].textContent = inGroups(found);
    });
  }
  button.addEventListener("click", () => working(part, button, () => seal(part, form)));
  part.addEventListener("input", () => tell(part, ""));
}
