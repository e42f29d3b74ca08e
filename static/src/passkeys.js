// Forms that a passkey fills in. They are hidden until the browser shows that it can.
const able = Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON && navigator.credentials);

async function ask(form) {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)});
  }
  return navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)});
}

async function fill(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  const button = form.querySelector("button[type=submit]");
  failed.hidden = true;
  button.disabled = true;
  try {
    const made = await ask(form);
    form.elements.credential.value = JSON.stringify(made.toJSON());
    form.submit();
  } catch {
    // Cancelled, too slow, or no fitting passkey: browsers do not tell which.
    failed.hidden = false;
  } finally {
    button.disabled = false;
  }
}

if (able) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      fill(form);
    });
  }
  for (const told of document.querySelectorAll("[data-passkey-none]")) told.hidden = true;
}
