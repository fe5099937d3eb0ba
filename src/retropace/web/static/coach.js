// The live coach's page: fetches today's session, shows it, and once it is shown loads what is needed to run it.
// coach-follow.js, which comes then, is the one module that knows all the others.

import { at, later, today, trouble, words } from "./coach-page.js";
import { Ready } from "./coach-ready.js";

const ADDRESS = "/coach/session.json";

/** What only browsers with Bluetooth need. */
const RADIO = /\/coach-(bluetooth|frames|straps|treadmill)\.js$/;
/** What only a session under way needs: coach-follow.js fetches it once everything else is there. */
const UNDER_WAY = /\/coach-motion[a-z-]*\.js$/;

class Refused extends Error {
  constructor(told) {
    super(told.what);
    this.told = told;
  }
}

/** What the server knows this browser by, and the day of the next session. */
const known = { csrf: null, who: null, coming: null };

/** The session from the server; null where the server is out of reach. Throws Refused with {what, remedy}. */
async function fromServer() {
  let answer;
  try {
    answer = await fetch(ADDRESS);
  } catch {
    return null;
  }
  for (const name of Object.keys(known)) known[name] = answer.headers.get(`x-${name}`);
  const json = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json().catch(() => null) : null;
  if (answer.ok && json?.guide) return json;
  if (answer.status >= 500) return null;
  if (answer.status === 401 || answer.redirected) throw new Refused({ what: words.signed_out, remedy: words.signed_out_remedy });
  throw new Refused(json?.error ?? { what: words.unreadable, remedy: words.unreadable_remedy });
}

/** The session that this phone kept for the day; null where there is none. */
async function fromPhone(day) {
  const { openKeep } = await import("./coach-keep.js");
  return (await openKeep()).guide(day);
}

function themed({ theme }) {
  if (theme !== "system") document.documentElement.dataset.theme = theme;
}

function shown(session, kept) {
  themed(session.settings);
  const ready = new Ready(session);
  at("ready", session.asks);
  const offline = document.getElementById("offline");
  offline.hidden = !kept;
  offline.textContent = kept ? words.offline : "";
  performance.mark("ready");
  return ready;
}

// The rest of the coach, all of it at once so that no module waits for the one that names it.
function preload() {
  const unheard = "bluetooth" in navigator ? /(?!)/ : RADIO;
  for (const address of later.filter((one) => !unheard.test(one) && !UNDER_WAY.test(one))) {
    const link = document.createElement("link");
    link.rel = address.endsWith(".css") ? "stylesheet" : "modulepreload";
    link.href = address;
    document.head.append(link);
  }
}

async function main() {
  document.querySelector("[data-do=again]").addEventListener("click", () => location.reload());
  let kept = false;
  let session = null;
  let refused = null;
  try {
    session = await fromServer();
    if (session === null) {
      session = await fromPhone(today());
      kept = true;
    }
  } catch (error) {
    refused = error instanceof Refused ? error.told : { what: words.not_loaded, remedy: words.not_loaded_remedy };
  }
  const ready = session ? shown(session, kept) : null;
  if (!ready) trouble(refused ?? { what: words.no_session, remedy: words.no_session_remedy });
  requestAnimationFrame(() => setTimeout(async () => {
    preload();
    try {
      const { follow } = await import("./coach-follow.js");
      await follow({ session, ready, kept, known });
    } catch {
      ready?.part.missing.replaceChildren(`${words.not_loaded}. ${words.not_loaded_remedy}`);
    }
  }));
}

main();
