// What was opened, shown in one language's part of the page: whose it is, the plan itself, and each file to save.
const PLAN = "plan.html";
const TYPES = {html: "text/html;charset=utf-8", txt: "text/plain;charset=utf-8", pdf: "application/pdf"};
const typeOf = name => TYPES[name.split(".").pop()] ?? "application/octet-stream";
// The plan's own script may run in there; the frame may open no window and lead this page nowhere but to a telephone.
const MAY = "allow-scripts allow-top-navigation-to-custom-protocols";

const made = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), {textContent: text, ...more});

function sizeOf(bytes, language) {
  const number = new Intl.NumberFormat(language, {maximumFractionDigits: 0});
  return `${number.format(Math.max(1, Math.round(bytes.length / 1000)))} kB`;
}

// The files of the zip by folder: this part's language first, what lies in none last.
function byFolder(files, first) {
  const folders = new Map([[first, []]]);
  for (const [path, bytes] of Object.entries(files)) {
    const place = path.lastIndexOf("/");
    const folder = place < 0 ? "" : path.slice(0, place);
    if (!folders.has(folder)) folders.set(folder, []);
    folders.get(folder).push([path.slice(place + 1), bytes]);
  }
  return [...folders].sort(([one], [other]) => (one === "") - (other === ""));
}

function line(name, saved, bytes, said, language, addressOf) {
  const one = made("li");
  const link = made("a", name, {href: addressOf(bytes, typeOf(name)), download: saved});
  one.append(link, made("span", ` ${sizeOf(bytes, language)}`, {className: "quiet"}));
  if (said) one.append(made("span", said, {className: "said"}));
  return one;
}

export function shownFiles(part, files, addressOf) {
  const said = JSON.parse(part.dataset.said);
  const folders = byFolder(files, part.lang);
  const several = folders.filter(([folder]) => folder).length > 1;
  const lists = folders.filter(([, found]) => found.length).flatMap(([folder, found]) => {
    const list = made("ul");
    // Saved beside each other, files of two languages must not have one name.
    list.append(...found.map(([name, bytes]) =>
      line(name, several && folder ? `${folder}-${name}` : name, bytes, said[name], part.lang, addressOf)));
    const heading = several && folder ? [made("h3", part.dataset[`folder${folder}`] ?? folder)] : [];
    return [...heading, list];
  });
  part.querySelector("[data-files]").replaceChildren(...lists);
  const own = new Map(folders.find(([folder]) => folder === part.lang)[1]);
  // The first line of what is to be read first says whose plan it is.
  const readme = [...own].find(([name]) => name.endsWith(".txt"));
  part.querySelector("[data-title-of]").textContent = readme ? new TextDecoder().decode(readme[1]).split("\n")[0] : "";
  if (own.has(PLAN)) {
    const frame = made("iframe", "", {title: part.dataset.planTitle});
    frame.setAttribute("sandbox", MAY);
    frame.src = addressOf(own.get(PLAN), TYPES.html);
    part.querySelector("[data-frame]").replaceChildren(frame);
  }
}
