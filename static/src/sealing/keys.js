// Keys of officers in the age format. What is secret lives in the variables of these functions and nowhere else.
import {Decrypter, Encrypter, armor, generateX25519Identity, identityToRecipient} from "age-encryption";
import {identityOf} from "./cards.js";
import {CardError} from "./slip39.js";

export const SECRET = /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/i;

// What went wrong, as the name of a sentence that the page holds.
export class Told extends Error {}

// Whether this browser can do it at all: on an address without https it has no secure random or digests.
export const able = Boolean(window.isSecureContext && window.crypto?.subtle && window.TextEncoder && window.File);

const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");

export async function sha256(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export const randomCode = () => hex(crypto.getRandomValues(new Uint8Array(16)));

export async function fingerprintOf(recipient) {
  return (await sha256(new TextEncoder().encode(recipient))).slice(0, 32);
}

export const inGroups = fingerprint => fingerprint.match(/.{4}/g).join(" ");

export async function makeKey() {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return {identity, recipient, fingerprint: await fingerprintOf(recipient)};
}

export const recipientOf = identity => identityToRecipient(identity);

export async function lockWith(passphrase, text) {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return armor.encode(await encrypter.encrypt(text));
}

export async function sealTo(recipient, bytes) {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(bytes);
}

// The secret key in a file that this page, age-keygen or `age -p` made, or in what somebody typed from paper.
export async function readIdentity(bytes, passphrase) {
  const text = new TextDecoder().decode(bytes);
  const plain = text.match(SECRET);
  if (plain) return plain[0].toUpperCase();
  const sealed = text.includes("BEGIN AGE ENCRYPTED FILE") ? unarmoured(text) : bytes;
  if (!text.startsWith("age-encryption.org/") && sealed === bytes) throw new Told("not-a-key");
  if (!passphrase) throw new Told("no-passphrase");
  const opener = new Decrypter();
  opener.addPassphrase(passphrase);
  let inside;
  try {
    inside = await opener.decrypt(sealed, "text");
  } catch {
    throw new Told("wrong-passphrase");
  }
  const found = inside.match(SECRET);
  if (!found) throw new Told("not-a-key");
  return found[0].toUpperCase();
}

function unarmoured(text) {
  try {
    return armor.decode(text.trim());
  } catch {
    throw new Told("not-a-key");
  }
}

// The key that somebody chose or typed in a part of the page.
export async function identityIn(part) {
  const file = part.querySelector("input[type=file]").files[0];
  const typed = part.querySelector("[data-typed-key]").value;
  const cards = [...part.querySelectorAll("[data-card]")].map(one => one.value).filter(text => text.trim());
  if (cards.length) return fromCards(cards);
  if (!file && !typed.trim()) throw new Told("no-key");
  const bytes = file ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(typed.replace(/\s+/g, ""));
  return readIdentity(bytes, part.querySelector("input[type=password]").value);
}

async function fromCards(cards) {
  try {
    return await identityOf(cards);
  } catch (error) {
    throw error instanceof CardError ? new Told(error.message) : error;
  }
}

export const armoured = bytes => armor.encode(bytes);

// Age tells a wrong key, a damaged file and a missing one apart only for programmers: here they are one sentence.
export async function openWith(identity, sealed) {
  const opener = new Decrypter();
  try {
    opener.addIdentity(identity);
    const bytes = typeof sealed === "string" ? armor.decode(sealed.trim()) : sealed;
    return await opener.decrypt(bytes);
  } catch {
    throw new Told("does-not-fit");
  }
}
