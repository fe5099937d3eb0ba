// Keeps the coach on this phone, and lets a new edition in where no session runs.

/** The registration of the service worker; undefined where the browser keeps no pages (no secure connection, private mode). */
export async function keepOffline() {
  if (!("serviceWorker" in navigator)) return undefined;
  try {
    const kept = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
    letIn(kept);
    kept.addEventListener("updatefound", () => kept.installing?.addEventListener("statechange", () => letIn(kept)));
    return kept;
  } catch {
    return undefined; // the pages work without it; /phone says what is missing
  }
}

function letIn(kept) {
  if (kept.waiting && navigator.serviceWorker.controller) kept.waiting.postMessage("activate-when-idle");
}

/** Later than what the page itself needs: on a slow network both would wait for each other [ms]. */
const LATER_MS = 2000;

const later = () => setTimeout(keepOffline, LATER_MS);
if (document.readyState === "complete") later();
else addEventListener("load", later, { once: true });
