// A key as three cards of words, any two of which give it back. docs/decisions/recovery-cards.md
import {bech32} from "@scure/base";
import words from "card-words";
import {CardError, combine, split} from "./slip39.js";

const NAME = "age-secret-key-";

// identity: a secret key as age writes it. Each two cards are tried before any is shown.
export async function cardsOf(identity) {
  const cards = await split(bech32.decodeToBytes(identity.toLowerCase()).bytes, words);
  for (const [place, one] of cards.entries()) {
    const other = cards[(place + 1) % cards.length];
    if ((await identityOf([other.join(" "), one.join(" ")])) !== identity) throw new Error("these cards do not work");
  }
  return cards;
}

// The secret key of these cards, each as its words.
export async function identityOf(cards) {
  const secret = await combine(cards, words);
  if (secret.length !== 32) throw new CardError("cards-other");
  return bech32.encode(NAME, bech32.toWords(secret), false).toUpperCase();
}

// Write the cards into the places the page has for them.
export async function showCards(place, {identity, fingerprint}) {
  const cards = await cardsOf(identity);
  for (const [number, card] of [...place.querySelectorAll("[data-word-card]")].entries()) {
    card.querySelector("[data-fingerprint]").textContent = fingerprint;
    card.querySelector("[data-words]").replaceChildren(...cards[number].map(word => {
      const line = document.createElement("li");
      line.textContent = word;
      return line;
    }));
  }
  place.hidden = false;
  place.querySelector("[data-print]").onclick = () => window.print();
}
