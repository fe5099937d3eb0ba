// A session has the page to itself: one at a time, not left by a slip of the finger, and the keys of earphones are its own.

import { SESSION } from "./coach-page.js";

/** Until what it returns is called. `does` has pause, play and stop. */
export function keepToItself({ signal, title, leave }, does) {
  let over = () => {};
  navigator.locks?.request(SESSION, () => new Promise((done) => { over = done; }));
  const guard = (event) => { event.preventDefault(); event.returnValue = leave; };
  addEventListener("beforeunload", guard, { signal });
  tellEarphones(title, does);
  return () => {
    over();
    tellEarphones(null, { pause: null, play: null, stop: null });
  };
}

function tellEarphones(title, does) {
  const { mediaSession } = navigator;
  if (!mediaSession) return;
  mediaSession.metadata = title ? new MediaMetadata({ title, artist: "retropace" }) : null;
  for (const [action, doing] of Object.entries(does)) {
    try {
      mediaSession.setActionHandler(action, doing);
    } catch {
      // this browser has no such key
    }
  }
}
