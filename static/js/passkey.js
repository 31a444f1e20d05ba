// Asks the browser for a passkey and sends its answer with the form. Without it, codes do.
(() => {
  "use strict";
  const button = document.querySelector("[data-passkey]");
  const told = document.getElementById("passkey-options");
  if (!button || !told) return;
  const note = document.querySelector("[data-passkey-note]");
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseCreationOptionsFromJSON) {
    button.disabled = true;
    if (note) note.hidden = false;
    return;
  }
  button.addEventListener("click", async () => {
    const form = button.form;
    if (button.dataset.passkey === "make" && !form.reportValidity()) return;
    const options = JSON.parse(told.textContent);
    try {
      const credential = button.dataset.passkey === "make"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.namedItem("credential").value = JSON.stringify(credential);
      form.noValidate = true;
      form.requestSubmit();
    } catch (error) {
      if (note) note.hidden = false;
    }
  });
})();
