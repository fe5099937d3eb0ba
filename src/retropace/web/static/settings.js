// Comfort for settings: copy buttons, the browser's own time zone, and where the device is.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  });
  field.addEventListener("focus", () => field.select());
}

const zones = document.querySelector("[data-zones]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones && zone && zone !== zones.value && [...zones.options].some((option) => option.value === zone)) {
  const words = document.getElementById("zone-here");
  const button = words.querySelector("button");
  button.textContent = zone.replaceAll("_", " ");
  words.hidden = false;
  button.addEventListener("click", () => {
    zones.value = zone;
    words.hidden = true;
    zones.focus();
  });
}

const here = document.getElementById("here");
if (here && navigator.geolocation && isSecureContext) {
  const words = document.getElementById("here-words");
  const home = document.getElementById("home");
  here.hidden = false;
  here.addEventListener("click", () => {
    words.textContent = words.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        home.value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
        words.textContent = "";
      },
      () => { words.textContent = words.dataset.no; },
      { timeout: 15000, enableHighAccuracy: true },
    );
  });
}
