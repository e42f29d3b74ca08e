// Word cards of a key that an officer has already. The key and the cards never leave this page.
import {showCards} from "./sealing/cards.js";
import {able, fingerprintOf, identityIn, inGroups, recipientOf} from "./sealing/keys.js";
import {tell, working} from "./sealing/telling.js";

async function make(part, place) {
  const identity = await identityIn(part);
  const fingerprint = await fingerprintOf(await recipientOf(identity));
  await showCards(place, {identity, fingerprint: inGroups(fingerprint)});
  for (const typed of part.querySelectorAll("input, textarea")) typed.value = "";
  part.hidden = true;
  place.querySelector("h2").focus();
}

if (able) {
  for (const told of document.querySelectorAll("[data-unable]")) told.hidden = true;
  const place = document.querySelector("[data-cards]");
  for (const part of document.querySelectorAll("[data-card-maker]")) {
    const button = part.querySelector("[data-go]");
    part.hidden = false;
    button.addEventListener("click", () => working(part, button, () => make(part, place)));
    part.addEventListener("input", () => tell(part, ""));
  }
  window.addEventListener("pagehide", () => {
    for (const words of place.querySelectorAll("[data-words]")) words.replaceChildren();
    place.hidden = true;
  });
}
