// While the plan is at work: what is tapped without a connection waits here and goes as soon as there is one; what
// others do comes in by itself; the clock runs. Without script every button is a form of its own page.
const run = document.getElementById("run");
const notice = document.getElementById("run-status");
const live = () => document.getElementById("run-live");
// As it was named before the address ended in a slash: what waits there is still sent.
const shelf = `waarborg-run:${run.dataset.page.replace(/\/$/, "")}`;
const SOON = 5_000, LATER = 20_000, PATIENCE = 15_000;
// Kept for this tab alone, so that reloading it loses nothing.
const queue = JSON.parse(sessionStorage.getItem(shelf) ?? "[]");
let busy = false, away = false, signedOut = false;

const keep = () => sessionStorage.setItem(shelf, JSON.stringify(queue));
const waiting = () => queue.filter(one => !one.refused);

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function line(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

// Say what has not arrived, and what was not accepted with the words somebody wrote.
function tell() {
  const lines = [];
  if (signedOut) {
    const link = document.createElement("a");
    link.href = "/sign-in";
    link.target = "_blank";
    link.textContent = notice.dataset.signIn;
    lines.push(line(notice.dataset.signedOut), link);
  } else if (away) lines.push(line(notice.dataset.offline));
  if (waiting().length && (away || signedOut)) {
    lines.push(line(notice.dataset.waiting.replace("{count}", waiting().length)));
  }
  for (const one of queue.filter(found => found.refused)) {
    const part = line(`${notice.dataset.refused} ${one.said}`);
    if (one.refused !== true) part.append(" – ", one.refused);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = notice.dataset.forget;
    button.addEventListener("click", () => {
      queue.splice(queue.indexOf(one), 1);
      keep();
      tell();
    });
    part.append(" ", button);
    lines.push(part);
  }
  notice.replaceChildren(...lines);
  notice.hidden = !lines.length;
}

// Put the newest state in place; what is unfolded or focused stays so, what is typed stands outside of it.
function show(page) {
  const fresh = page.getElementById("run-live");
  if (!fresh) return;
  const open = [...live().querySelectorAll("details[open]")].map(one => one.id);
  const at = document.activeElement;
  const focused = live().contains(at) ? {id: at.id, value: at.value, href: at.getAttribute("href")} : null;
  live().replaceWith(document.adoptNode(fresh));
  for (const id of open) {
    const found = document.getElementById(id);
    if (found) found.open = true;
  }
  if (focused) {
    const alike = [...live().querySelectorAll("button, a, summary")];
    alike.find(one => (focused.value && one.value === focused.value) ||
      (focused.href && one.getAttribute("href") === focused.href))?.focus();
  }
  for (const one of waiting()) mark(one);
  tick();
}

function mark(item) {
  const did = new Map(item.fields).get("did");
  for (const button of live().querySelectorAll("button[name=did]")) {
    if (button.value === did) button.classList.add("run-waiting");
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(path, {...options, signal: AbortSignal.timeout(PATIENCE)});
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return {status: answer.status, page, path: new URL(answer.url).pathname};
}

const token = page => page.querySelector("#run input[name=csrf_token]")?.value;

// The newest page; it may turn out that somebody has to sign in again, or that it is over.
async function look() {
  const found = await ask(run.dataset.page);
  signedOut = found.path.startsWith("/sign-in");
  if (found.status === 200 && found.page.getElementById("run-live")) return found.page;
  if (found.path.endsWith("/report")) location.assign(found.path);
  throw new Error(`answered ${found.status}`);
}

async function send(item) {
  const body = new URLSearchParams(item.fields);
  body.set("csrf_token", token(document));
  const answer = await ask(run.dataset.entries, {method: "POST", body});
  if (answer.path.startsWith("/sign-in")) {
    signedOut = true;
    throw new Error("signed out");
  }
  signedOut = false;
  if (answer.status === 200 && answer.page.getElementById("run-live")) {
    queue.splice(queue.indexOf(item), 1);
    show(answer.page);
  } else if ([200, 409].includes(answer.status)) {
    item.refused = notice.dataset.closed;
  } else if ([403, 404, 413, 422].includes(answer.status)) {
    item.refused = answer.page.querySelector(".field-error")?.textContent.trim() || true;
  } else {
    // A new session has a new token: look for it before the next try.
    if (answer.status === 400) renew(await look());
    throw new Error(`answered ${answer.status}`);
  }
  keep();
}

function renew(page) {
  const fresh = token(page);
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = fresh;
}

async function pump() {
  if (busy) return;
  busy = true;
  try {
    while (waiting().length) await send(waiting()[0]);
    away = false;
  } catch {
    away = !signedOut;
    setTimeout(pump, SOON);
  }
  busy = false;
  tell();
}

async function refresh() {
  if (busy || document.visibilityState !== "visible") return;
  if (waiting().length) {
    await pump();
    return;
  }
  busy = true;
  try {
    const page = await look();
    renew(page);
    show(page);
    away = false;
  } catch {
    away = !signedOut;
  }
  busy = false;
  tell();
}

document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches("form[data-run]")) return;
  event.preventDefault();
  const data = new FormData(form);
  if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
  const box = form.querySelector("textarea");
  if (box && !box.value.trim() && !form.querySelector("[name=to]")?.value.trim()) {
    notice.replaceChildren(line(notice.dataset.empty));
    notice.hidden = false;
    box.focus();
    return;
  }
  data.set("entry_id", newId());
  data.set("tapped_at", new Date().toISOString());
  data.delete("csrf_token");
  const said = (box?.value.trim() || event.submitter?.textContent || "").replace(/\s+/g, " ").trim();
  const item = {fields: [...data], said};
  queue.push(item);
  keep();
  if (box) form.reset();
  mark(item);
  pump();
});

function tick() {
  for (const clock of document.querySelectorAll("[data-since]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 60_000));
    clock.textContent = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  }
}

addEventListener("online", pump);
addEventListener("offline", () => {
  away = true;
  tell();
});
addEventListener("beforeunload", event => {
  if (queue.length) event.preventDefault();
});
document.addEventListener("visibilitychange", refresh);
setInterval(tick, SOON);
setInterval(refresh, LATER);
if (queue.length) pump();
