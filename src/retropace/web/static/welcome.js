// First visit: keeps every answer as soon as it is given, and says "no to the rest" once some are.
document.querySelector("[aria-invalid]")?.focus();
for (const form of document.querySelectorAll("form[data-keep]")) keepQuietly(form);

/** Sends the form in the background after each change, one at a time; sending it for good waits for what is under way. */
function keepQuietly(form) {
  const csrf = document.querySelector("meta[name=csrf]").content;
  let underWay = null;
  let changed = false;

  async function send() {
    while (changed) {
      changed = false;
      const body = new FormData(form);
      body.set("keep", "quietly");
      try {
        await fetch(form.action, { method: "POST", headers: { "x-csrf": csrf }, body });
      } catch {
        // Out of reach just now: the answers are still on the page, and Next sends them all.
      }
    }
    underWay = null;
  }

  form.addEventListener("change", () => {
    changed = true;
    underWay ??= send();
    nameRest(form);
  });
  form.addEventListener("submit", async (event) => {
    if (form.dataset.sent) {
      event.preventDefault(); // a second tap
      return;
    }
    if (underWay) {
      event.preventDefault();
      await underWay;
      form.requestSubmit(event.submitter);
      return;
    }
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // back from the next page: show what is kept by now
  });
  nameRest(form);
}

/** "No to all" until the first answer, "No to the rest" after it, and nothing once all are given. */
function nameRest(form) {
  const button = form.querySelector("[data-rest]");
  if (!button) return;
  const names = new Set([...form.querySelectorAll("input[type=radio]")].map((input) => input.name));
  const given = new Set([...form.querySelectorAll("input[type=radio]:checked")].map((input) => input.name));
  button.textContent = given.size ? button.dataset.some : button.dataset.all;
  button.hidden = given.size === names.size;
}
