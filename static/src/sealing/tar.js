// A tar as every tar opens it (ustar), of a few small files. Its length is rounded up, so that it tells little of them.
const BLOCK = 512;
const STEP = 16384;

function header(name, size, at) {
  const block = new Uint8Array(BLOCK);
  const put = (text, place) => block.set(new TextEncoder().encode(text), place);
  const octal = (number, digits) => `${number.toString(8).padStart(digits, "0")}\0`;
  put(name, 0);
  put(octal(0o600, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(at, 11), 136);
  put("        ", 148);
  put("0", 156);
  put("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

// A name of at most 90 bytes without folders; two files never have the same.
export function nameOf(name, taken) {
  const plain = name.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^\.+/, "").slice(-80) || "file";
  let found = plain;
  for (let number = 2; taken.has(found); number += 1) found = `${number}-${plain}`;
  taken.add(found);
  return found;
}

// files: pairs of a name and its bytes.
export function tar(files, at, step = STEP) {
  const blocks = files.flatMap(([name, bytes]) => {
    const padded = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK);
    padded.set(bytes);
    return [header(name, bytes.length, at), padded];
  });
  const used = blocks.reduce((total, block) => total + block.length, 0) + 2 * BLOCK;
  const made = new Uint8Array(Math.ceil(used / step) * step);
  let place = 0;
  for (const block of blocks) {
    made.set(block, place);
    place += block.length;
  }
  return made;
}

// The files of a tar by name, as stock tar or this page makes one. Throws when it is none or is cut off.
export function untar(bytes) {
  const found = new Map();
  const text = (place, length) => new TextDecoder().decode(bytes.subarray(place, place + length)).replace(/\0.*$/s, "");
  let longer = "";
  for (let place = 0; place + BLOCK <= bytes.length && bytes[place] !== 0;) {
    const size = parseInt(text(place + 124, 12).trim() || "0", 8);
    const start = place + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > bytes.length || text(place + 257, 5) !== "ustar")
      throw new Error("no tar");
    const kind = String.fromCharCode(bytes[place + 156] || 48);
    const prefix = text(place + 345, 155).trim();
    // Before a long name GNU's tar writes a file of its own that holds it.
    if (kind === "L") longer = text(start, size);
    else if (kind === "0") {
      const name = longer || (prefix && text(place + 257, 8) === "ustar" ? `${prefix}/` : "") + text(place, 100);
      found.set(name.replace(/^\.\//, ""), bytes.slice(start, start + size));
    }
    if (kind !== "L") longer = "";
    place = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return found;
}
