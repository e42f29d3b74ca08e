// Words that were typed into an item and not saved yet stay in this tab when the connection drops or the session ends.
// Without script half an answer is saved by the button, as ever.
const notice = document.getElementById("draft");
const LAST = "draft sent";
const forms = notice ? [...document.querySelectorAll("main form:not(.post-button)")] : [];
const key = form => `draft ${notice.dataset.who} ${new URL(form.action).pathname}`;

function words(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrf_token" && typeof value === "string") (found[name] ??= []).push(value.replaceAll("\r\n", "\n"));
  }
  return found;
}

function say(text, discard) {
  notice.querySelector("span").textContent = text;
  notice.querySelector("button").hidden = !discard;
  notice.hidden = false;
}

function fill(form, found) {
  for (const input of form.elements) {
    if (!(input.name in found)) {
      if (input.type === "checkbox") input.checked = false;
    } else if (input.type === "radio" || input.type === "checkbox") {
      input.checked = found[input.name].includes(input.value);
    } else {
      input.value = found[input.name][0];
    }
  }
}

// What was sent and answered with success is stored; whatever else was sent may have got lost on the way.
const sent = sessionStorage.getItem(LAST);
sessionStorage.removeItem(LAST);
if (sent && document.querySelector(".flash-success")) sessionStorage.removeItem(sent);

// A page that came back with mistakes, or because somebody else saved first, holds the words itself.
const cameBack = document.querySelector("#error-summary, .alert-warning[role='alert']") !== null;

for (const form of forms) {
  const kept = sessionStorage.getItem(key(form));
  if (kept && (cameBack || kept === JSON.stringify(words(form)))) {
    sessionStorage.removeItem(key(form));
  } else if (kept) {
    fill(form, JSON.parse(kept));
    say(notice.dataset.kept, true);
  }
  form.addEventListener("input", () => sessionStorage.setItem(key(form), JSON.stringify(words(form))));
  form.addEventListener("submit", event => {
    if (navigator.onLine) {
      sessionStorage.setItem(LAST, key(form));
    } else {
      event.preventDefault();
      say(notice.dataset.offline, false);
    }
  });
}

notice?.querySelector("button").addEventListener("click", () => {
  for (const form of forms) sessionStorage.removeItem(key(form));
  location.reload();
});
if (notice) {
  addEventListener("offline", () => say(notice.dataset.offline, false));
  addEventListener("online", () => say(notice.dataset.online, false));
}
document.querySelector("form[action$='/sign-out']")?.addEventListener("submit", () => sessionStorage.clear());
