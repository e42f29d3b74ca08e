// A form that the script sends, so that a lost connection or a refusal is one sentence and nothing typed is lost.
import {Told} from "./keys.js";

// The answer to the form, or one of the page's sentences: no-connection.
export async function ask(form, body = new FormData(form)) {
  try {
    return await fetch(form.getAttribute("action") || location.href, {method: "POST", body});
  } catch {
    throw new Told("no-connection");
  }
}

// Say in `part` why the server did not take it, in the words of the page it answered with.
export async function refused(part, answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const wrong = page.querySelector("#error-summary ul, .alert-warning p, main p");
  part.querySelector("[data-refused]").textContent = wrong?.textContent.trim() ?? "";
  throw new Told("refused");
}

// Send the form and follow it to the next page.
export async function send(part, form, body) {
  const answer = await ask(form, body);
  if (!answer.redirected || !answer.ok) await refused(part, answer);
  location.assign(answer.url);
  // Until the next page is there nobody presses twice.
  await new Promise(() => {});
}
