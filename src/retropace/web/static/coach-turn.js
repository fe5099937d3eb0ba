// One uploader at a time over all tabs. What the server keeps is kept once in any case; this only saves sending it twice.

const NAME = "retropace-upload";
const LEASE_MS = 15_000, LOOK_MS = 500;

/** Does `work` when it is this tab's turn. `signal` gives up waiting, with an AbortError. */
export async function alone({ signal }, work) {
  if (navigator.locks) return navigator.locks.request(NAME, signal ? { signal } : {}, work);
  return leased(signal, work);
}

// Browsers without locks: a note of who sends, renewed while it does; a tab that died is waited for once.
async function leased(signal, work) {
  const own = `${Math.random()}`;
  while (!taken(own)) {
    await new Promise((over) => setTimeout(over, LOOK_MS));
    signal?.throwIfAborted();
  }
  const renewing = setInterval(() => taken(own), LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    noted(() => localStorage.removeItem(NAME));
  }
}

function taken(own) {
  return noted(() => {
    const [owner, until] = (localStorage.getItem(NAME) ?? "").split(" ");
    if (owner && owner !== own && Number(until) > Date.now()) return false;
    localStorage.setItem(NAME, `${own} ${Date.now() + LEASE_MS}`);
    return true;
  });
}

// A browser that lets us note nothing lets us send.
function noted(act) {
  try {
    return act();
  } catch {
    return true;
  }
}
