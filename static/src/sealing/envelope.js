// A sealed delivery: to a key made for it alone, and that key to each pair of officers. docs/decisions/sealing.md
import {fingerprintOf, makeKey, randomCode, sealTo, sha256} from "./keys.js";
import {nameOf, tar} from "./tar.js";

const bytesOf = text => new TextEncoder().encode(text);

// recipients: public keys of the officers; manifest: what it is about; secret: a text; files: of the browser.
export async function envelope(recipients, manifest, secret, files) {
  const at = Math.floor(Date.now() / 1000);
  const inside = [["manifest.json", bytesOf(`${JSON.stringify(manifest, null, 2)}\n`)]];
  if (secret) inside.push(["secret.txt", bytesOf(secret)]);
  const taken = new Set(inside.map(([name]) => name));
  for (const file of files) inside.push([nameOf(file.name, taken), new Uint8Array(await file.arrayBuffer())]);
  const once = await makeKey();
  const parts = [["body.age", await sealTo(once.recipient, tar(inside, at))]];
  const officers = [];
  for (const recipient of recipients) officers.push({recipient, fingerprint: await fingerprintOf(recipient)});
  officers.sort((one, other) => (one.fingerprint < other.fingerprint ? -1 : 1));
  const identity = bytesOf(`${once.identity}\n`);
  for (const [place, first] of officers.entries()) {
    for (const second of officers.slice(place + 1)) {
      const inner = await sealTo(second.recipient, identity);
      parts.push([`pairs/${first.fingerprint}-${second.fingerprint}.age`, await sealTo(first.recipient, inner)]);
    }
    const code = bytesOf(randomCode());
    parts.push([`probes/${first.fingerprint}.age`, await sealTo(first.recipient, code)]);
    parts.push([`probes/${first.fingerprint}.sha256`, bytesOf(`${await sha256(code)}\n`)]);
  }
  return tar(parts, at, 512);
}
