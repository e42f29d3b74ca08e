// SLIP-39: a secret as cards of words, of which some are enough to have it back.
// Source: github.com/satoshilabs/slips, slip-0039. The list of words comes in from the build: dev/assets.py.

export class CardError extends Error {}

const WORD_BITS = 10;
const CHECK_WORDS = 3;
const HEAD_WORDS = 4;
const FEWEST_WORDS = 20;
const DIGEST_BYTES = 4;
const DIGEST_PLACE = 254;
const SECRET_PLACE = 255;
const ROUNDS = 4;
const COST = 10000;
const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
];

const bytesOf = text => new TextEncoder().encode(text);
const random = length => crypto.getRandomValues(new Uint8Array(length));

function joined(...parts) {
  const made = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let place = 0;
  for (const part of parts) {
    made.set(part, place);
    place += part.length;
  }
  return made;
}

// The field of 256 elements of AES, by logarithms to the base 3.
const EXP = new Uint8Array(255);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = value;
  LOG[value] = power;
  value ^= (value << 1) ^ (value & 0x80 ? 0x11b : 0);
}

// What the polynomial through these points, pairs of a place and bytes, is at `place`.
function at(points, place) {
  const known = points.find(([x]) => x === place);
  if (known) return known[1];
  const all = points.reduce((sum, [x]) => sum + LOG[x ^ place], 0);
  const made = new Uint8Array(points[0][1].length);
  for (const [x, bytes] of points) {
    const others = points.reduce((sum, [other]) => (other === x ? sum : sum + LOG[x ^ other]), 0);
    const weight = (((all - LOG[x ^ place] - others) % 255) + 255) % 255;
    for (const [index, byte] of bytes.entries()) {
      if (byte) made[index] ^= EXP[(LOG[byte] + weight) % 255];
    }
  }
  return made;
}

async function digest(filler, secret) {
  const key = await crypto.subtle.importKey("raw", filler, {name: "HMAC", hash: "SHA-256"}, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, secret)).slice(0, DIGEST_BYTES);
}

async function splitIn(threshold, count, secret) {
  if (threshold === 1) return Array.from({length: count}, (_none, place) => [place, secret]);
  const points = Array.from({length: threshold - 2}, (_none, place) => [place, random(secret.length)]);
  const filler = random(secret.length - DIGEST_BYTES);
  const base = [
    ...points,
    [DIGEST_PLACE, joined(await digest(filler, secret), filler)],
    [SECRET_PLACE, secret],
  ];
  for (let place = points.length; place < count; place += 1) points.push([place, at(base, place)]);
  return points;
}

async function backFrom(threshold, points) {
  if (threshold === 1) return points[0][1];
  const secret = at(points, SECRET_PLACE);
  const check = at(points, DIGEST_PLACE);
  const wanted = await digest(check.slice(DIGEST_BYTES), secret);
  if (!wanted.every((byte, place) => byte === check[place])) throw new CardError("cards-differ");
  return secret;
}

async function round(number, half, {exponent, salt, passphrase}) {
  const key = await crypto.subtle.importKey("raw", joined(Uint8Array.of(number), bytesOf(passphrase)), "PBKDF2", false, ["deriveBits"]);
  const how = {name: "PBKDF2", hash: "SHA-256", salt: joined(salt, half), iterations: (COST << exponent) / ROUNDS};
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, half.length * 8));
}

async function feistel(bytes, rounds, how) {
  let [left, right] = [bytes.slice(0, bytes.length / 2), bytes.slice(bytes.length / 2)];
  for (const number of rounds) {
    const mixed = await round(number, right, how);
    [left, right] = [right, left.map((byte, place) => byte ^ mixed[place])];
  }
  return joined(right, left);
}

function polymod(values) {
  let check = 1;
  for (const value of values) {
    const top = check >>> 20;
    check = ((check & 0xfffff) << WORD_BITS) ^ value;
    for (const [place, part] of GENERATOR.entries()) if ((top >>> place) & 1) check ^= part;
  }
  return check;
}

const label = extendable => [...bytesOf(extendable ? "shamir_extendable" : "shamir")];
// Of the older form the salt holds the number of the set.
const saltOf = (extendable, id) => (extendable ? new Uint8Array() : joined(bytesOf("shamir"), Uint8Array.of(id >> 8, id & 255)));

const toWords = (number, count) =>
  Array.from({length: count}, (_none, place) => Number((number >> BigInt(WORD_BITS * (count - 1 - place))) & 1023n));
const toNumber = values => values.reduce((number, value) => (number << BigInt(WORD_BITS)) | BigInt(value), 0n);

function write({id, exponent, member, threshold, bytes}, words) {
  // One group, of which one is needed; extendable.
  const head = (BigInt(id) << 25n) | (1n << 24n) | (BigInt(exponent) << 20n) | (BigInt(member) << 4n) | BigInt(threshold - 1);
  const value = bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  const values = [...toWords(head, HEAD_WORDS), ...toWords(value, Math.ceil((bytes.length * 8) / WORD_BITS))];
  const check = polymod([...label(true), ...values, 0, 0, 0]) ^ 1;
  return [...values, ...toWords(BigInt(check), CHECK_WORDS)].map(place => words[place]);
}

function read(card, words) {
  const typed = card.trim().toLowerCase().split(/[^a-z]+/).filter(Boolean);
  const values = typed.map(word => words.indexOf(word));
  if (values.includes(-1)) throw new CardError("card-word");
  if (values.length < FEWEST_WORDS) throw new CardError("card-short");
  const head = Number(toNumber(values.slice(0, 2)));
  const groups = Number(toNumber(values.slice(2, HEAD_WORDS)));
  const extendable = (head >> 4) & 1;
  if (polymod([...label(extendable), ...values]) !== 1) throw new CardError("card-wrong");
  const body = values.slice(HEAD_WORDS, -CHECK_WORDS);
  const length = Math.floor((body.length * WORD_BITS) / 16) * 2;
  const number = toNumber(body);
  if (body.length * WORD_BITS - length * 8 > 8 || number >> BigInt(length * 8)) throw new CardError("card-wrong");
  const field = shift => (groups >> shift) & 15;
  const found = {
    id: head >> 5,
    extendable,
    exponent: head & 15,
    group: field(16),
    groupThreshold: field(12) + 1,
    groupCount: field(8) + 1,
    member: field(4),
    threshold: field(0) + 1,
    bytes: Uint8Array.from({length}, (_none, place) => Number((number >> BigInt(8 * (length - 1 - place))) & 255n)),
  };
  if (found.groupThreshold > found.groupCount) throw new CardError("card-wrong");
  return found;
}

// Cards of words, `threshold` of which are enough. secret: 16 bytes or more, an even number of them.
export async function split(secret, words, {threshold = 2, count = 3, exponent = 1, passphrase = ""} = {}) {
  const [high, low] = random(2);
  const id = ((high << 8) | low) & 0x7fff;
  const sealed = await feistel(secret, [0, 1, 2, 3], {exponent, salt: saltOf(1, id), passphrase});
  const points = await splitIn(threshold, count, sealed);
  return points.map(([member, bytes]) => write({id, exponent, member, threshold, bytes}, words));
}

// The secret of these cards, as text. Throws CardError with the name of a sentence when they do not give one.
export async function combine(cards, words, passphrase = "") {
  const read_ = cards.map(card => read(card, words));
  const [first] = read_;
  if (!first) throw new CardError("cards-few");
  const alike = ["id", "extendable", "exponent", "groupThreshold", "groupCount"];
  if (!read_.every(one => alike.every(name => one[name] === first[name]) && one.bytes.length === first.bytes.length))
    throw new CardError("cards-differ");
  const groups = new Map();
  for (const one of read_) {
    const group = groups.get(one.group) ?? {threshold: one.threshold, members: new Map()};
    if (group.threshold !== one.threshold) throw new CardError("cards-differ");
    // The same card twice is one card.
    group.members.set(one.member, one.bytes);
    groups.set(one.group, group);
  }
  if (groups.size < first.groupThreshold) throw new CardError("cards-few");
  if (groups.size > first.groupThreshold) throw new CardError("cards-differ");
  const points = [];
  for (const [place, {threshold, members}] of groups) {
    if (members.size < threshold) throw new CardError("cards-few");
    points.push([place, await backFrom(threshold, [...members].slice(0, threshold))]);
  }
  const sealed = await backFrom(first.groupThreshold, points);
  const salt = saltOf(first.extendable, first.id);
  return feistel(sealed, [3, 2, 1, 0], {exponent: first.exponent, salt, passphrase});
}
