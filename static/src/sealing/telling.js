// One of the sentences that a part of the page keeps hidden, and a button that waits while the browser works.
import {Told} from "./keys.js";

export function tell(part, name) {
  for (const one of part.querySelectorAll("[data-told]")) one.hidden = one.dataset.told !== name;
}

export async function working(part, button, work) {
  tell(part, "working");
  button.disabled = true;
  // The browser draws the sentence before it begins to compute.
  await new Promise(resume => setTimeout(resume, 30));
  try {
    await work();
    tell(part, "");
  } catch (error) {
    tell(part, error instanceof Told ? error.message : "failed");
  } finally {
    button.disabled = false;
  }
}
