// Keyboard, menu and dialogs of the shell. Everything works without it, only slower.
(() => {
  "use strict";
  const KEYS = "whiteslip.keys";
  const keysOn = () => localStorage.getItem(KEYS) !== "off";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  let waitsForPlace = 0;

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }

  function step(by) {
    const links = [...document.querySelectorAll("[data-row] a.row-link")];
    if (!links.length) return;
    const here = links.findIndex((link) => link === document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1);
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (waitsForPlace && Date.now() - waitsForPlace < 1500) {
      waitsForPlace = 0;
      const place = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
      if (place) {
        event.preventDefault();
        place.click();
      }
      return;
    }
    const own = document.querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`);
    if (event.key === "g") waitsForPlace = Date.now();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "?") openDialog("keys");
    else if (event.key === "/") {
      event.preventDefault();
      document.getElementById("find")?.focus();
    } else if (own) {
      event.preventDefault();
      own.matches("input, select, textarea") ? own.focus() : own.click();
    }
  });

  document.addEventListener("click", (event) => {
    const menu = event.target.closest("[data-menu]");
    if (menu) {
      const open = document.body.classList.toggle("menu-open");
      menu.setAttribute("aria-expanded", String(open));
    }
    const opener = event.target.closest("[data-open]");
    if (opener) openDialog(opener.dataset.open);
    document.querySelectorAll("details.person[open]").forEach((details) => {
      if (!details.contains(event.target) || opener) details.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.person[open]").forEach((details) => {
      details.open = false;
      details.querySelector("summary").focus();
    });
  });

  // A form is sent once, unless what it brings leaves the page where it is; the button wakes up again when the page is shown from the history.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post], [data-stays]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  if (document.querySelector("[data-print]")) window.addEventListener("load", () => window.print());

  const box = document.querySelector("[data-keys-on]");
  if (box) {
    box.checked = keysOn();
    box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
  }
})();
