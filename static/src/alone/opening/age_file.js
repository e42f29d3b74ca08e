// The age file in the page: read from its lines, and opened with a passphrase. docs/decisions/paper-and-kit.md
import {chacha20poly1305} from "@noble/ciphers/chacha.js";
import {scryptAsync} from "@noble/hashes/scrypt.js";
import {sha256} from "@noble/hashes/sha2.js";
import {base64nopad} from "@scure/base";
import {Decrypter} from "age-encryption";
import {unzipSync} from "fflate";

const BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----\n";
const END = "\n-----END AGE ENCRYPTED FILE-----";
const LABEL = new TextEncoder().encode("age-encryption.org/v1/scrypt");
// A gigabyte; what we make takes a quarter of it.
const MOST_WORK = 20;
// How long the browser may compute before it draws and listens again, in milliseconds.
const TURN = 40;

// What went wrong, as the name of a sentence that the page holds.
export class Told extends Error {}

// The bytes between the two lines; null when the lines are not there or hold something else.
export function readLines(text) {
  const lines = text.trim();
  if (!lines.startsWith(BEGIN) || !lines.endsWith(END)) return null;
  try {
    const signs = atob(lines.slice(BEGIN.length, -END.length));
    const bytes = new Uint8Array(signs.length);
    for (let place = 0; place < signs.length; place += 1) bytes[place] = signs.charCodeAt(place);
    return bytes;
  } catch {
    return null;
  }
}

export const fingerprintOf = bytes =>
  Array.from(sha256(bytes), byte => byte.toString(16).padStart(2, "0")).join("");

// As the service does before it closes the kit: composed signs, no blanks around them.
export const asMeant = typed => typed.normalize("NFC").trim();

// What the library does with a passphrase, in turns, so that the page goes on to answer while it computes.
class Passphrase {
  constructor(words, onProgress) {
    this.words = words;
    this.onProgress = onProgress;
  }

  async unwrapFileKey(stanzas) {
    const [kind, salt, work] = stanzas[0]?.args ?? [];
    if (stanzas.length !== 1 || kind !== "scrypt" || !/^[1-9]\d?$/.test(work) || Number(work) > MOST_WORK) throw new Told("damaged");
    const labelled = new Uint8Array([...LABEL, ...base64nopad.decode(salt)]);
    const cost = {N: 2 ** Number(work), r: 8, p: 1, dkLen: 32, asyncTick: TURN, onProgress: this.onProgress};
    let key;
    try {
      key = await scryptAsync(this.words, labelled, cost);
    } catch (error) {
      throw error instanceof RangeError ? new Told("memory") : error;
    }
    try {
      return chacha20poly1305(key, new Uint8Array(12)).decrypt(stanzas[0].body);
    } catch {
      throw new Told("wrong");
    }
  }
}

// The zip in an age file, and its files by name: all of it, or a Told that says why nothing of it.
export async function openWith(bytes, typed, onProgress) {
  const opener = new Decrypter();
  opener.addIdentity(new Passphrase(asMeant(typed), onProgress));
  try {
    const zip = await opener.decrypt(bytes);
    return {zip, files: unzipSync(zip)};
  } catch (error) {
    throw error instanceof Told ? error : new Told(error instanceof RangeError ? "memory" : "damaged");
  }
}
