// What stood inside a delivery, held against what the page says about it.
const DAY = 86_400_000;
const same = text => (typeof text === "string" ? text.replace(/\r\n?/g, "\n").trim() : text);

function verdict(found, fits) {
  if (found === undefined || found === null || found === "") return "untold";
  return fits ? "good" : "bad";
}

// manifest: what stood inside, null when nothing readable did; about: what the page says.
// Returns for each check its verdict (good, bad or untold) and the words that stood inside.
export function compare(manifest, about) {
  const told = manifest ?? {};
  const ticked = Array.isArray(told.inside) ? told.inside : [];
  const missing = about.inside.filter(spoken => !spoken.some(label => ticked.includes(label)));
  const apart = Math.abs(Date.parse(told.sealed_at) - Date.parse(`${about.delivered_on}T12:00:00Z`));
  const checks = {
    organisation: [told.organisation_address, told.organisation_address === about.organisation_address, told.organisation],
    item: [told.item, told.item === about.item && told.registration === about.registration, `${told.service}: ${told.label}`],
    version: [told.version, Number(told.version) === about.version, told.version],
    // Sealed on the day it was handed over; a page may stay open over midnight, and clocks differ.
    time: [told.sealed_at, apart <= 1.5 * DAY, told.sealed_at],
    specification: [told.specification, same(told.specification) === same(about.specification), told.specification],
    inside: [ticked.length ? ticked : undefined, missing.length === 0, ticked.join(", ")],
  };
  return Object.fromEntries(Object.entries(checks).map(([name, [found, fits, words]]) => {
    const known = verdict(found, fits);
    // Without a readable list nothing of it is what the page says; unticked lines are no lie, but are told.
    const judged = manifest ? (name === "inside" && known === "bad" ? "untold" : known) : "bad";
    return [name, {verdict: judged, words: judged === "untold" && name !== "inside" ? "" : String(words ?? "")}];
  }));
}

export const readManifest = bytes => {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes));
    return found && typeof found === "object" ? found : null;
  } catch {
    return null;
  }
};
