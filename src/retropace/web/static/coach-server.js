// What is asked of the server about a run: tried again while it cannot be reached, given up with its own sentence otherwise.

const ATTEMPTS = 6;
const FIRST_WAIT_MS = 500, LONGEST_WAIT_MS = 16_000;
const ANSWER_WITHIN_MS = 60_000;
/** Not now, but perhaps in a moment. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);
const WHY = { 401: "sign-in", 409: "different" };

/** Why nothing more is sent: `offline` and `server` pass by themselves; `told` is the server's sentence where it gave one. */
export class Refused extends Error {
  constructor(why, told = "") {
    super(told || why);
    this.why = why;
    this.told = told;
  }
}

/** The server's side of one run. `signal` stops it; `wait_ms` is the first wait between attempts. */
export class Server {
  constructor(run_id, { csrf = "", signal = null, attempts = ATTEMPTS, wait_ms = FIRST_WAIT_MS } = {}) {
    this.at = `/coach/runs/${run_id}`;
    this.csrf = csrf;
    this.signal = signal;
    this.attempts = attempts;
    this.wait_ms = wait_ms;
  }

  /** Make the run known; known ones stay as they are. */
  begin(run) {
    const { id, day, began_ms, offset_min, guide } = run;
    return this.ask("POST", "/coach/runs", JSON.stringify({ run: id, day, began_ms, offset_min, guide }));
  }

  /** {run, state, parts: [{stream, part, bytes, sha256}], session, log}. */
  manifest() {
    return this.ask("GET", this.at);
  }

  put(stream, part, bytes, sha256) {
    return this.ask("PUT", `${this.at}/${stream}/${part}`, bytes, { "x-sha256": sha256 });
  }

  /** {session, log, told}; refused where parts are missing. */
  async done(parts) {
    try {
      return await this.ask("POST", `${this.at}/done`, JSON.stringify({ parts }));
    } catch (error) {
      throw error.why === "different" ? new Refused("refused", error.told) : error; // 409 here: not everything has arrived
    }
  }

  /** The answer's JSON. Throws Refused. */
  async ask(method, path, body, headers = {}) {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.answer(method, path, body, headers);
      if (answer?.ok) return answer.json().catch(() => { throw new Refused("server"); });
      const later = !answer || LATER.has(answer.status);
      if (!later || attempt >= this.attempts || navigator.onLine === false) throw await refusal(answer);
      await this.wait(attempt, Number(answer?.headers.get("retry-after")) || 0);
    }
  }

  // The response, null where the server could not be reached.
  async answer(method, path, body, headers) {
    this.signal?.throwIfAborted();
    const hurry = new AbortController(), stop = () => hurry.abort();
    const late = setTimeout(stop, ANSWER_WITHIN_MS);
    this.signal?.addEventListener("abort", stop);
    const kind = typeof body === "string" ? "application/json" : "application/octet-stream";
    const told = { accept: "application/json", "x-csrf": this.csrf, ...(body && { "content-type": kind }), ...headers };
    try {
      // A redirect leads to the sign-in page: it must not be taken for an answer.
      return await fetch(path, { method, body, headers: told, redirect: "manual", cache: "no-store", signal: hurry.signal });
    } catch {
      this.signal?.throwIfAborted();
      return null;
    } finally {
      clearTimeout(late);
      this.signal?.removeEventListener("abort", stop);
    }
  }

  // Longer each time, and never two phones in step; over at once when the net comes back.
  async wait(attempt, asked_s) {
    const most_ms = Math.min(LONGEST_WAIT_MS, this.wait_ms * 2 ** (attempt - 1));
    const wait_ms = Math.max(most_ms * (0.5 + Math.random() / 2), Math.min(asked_s * 1000, LONGEST_WAIT_MS));
    const over = new AbortController();
    await new Promise((go) => {
      setTimeout(go, wait_ms);
      addEventListener("online", go, { signal: over.signal });
      this.signal?.addEventListener("abort", go, { signal: over.signal });
    });
    over.abort();
    this.signal?.throwIfAborted();
  }
}

async function refusal(answer) {
  if (!answer) return new Refused("offline");
  if (answer.type === "opaqueredirect") return new Refused("sign-in");
  const { error } = (await answer.json().catch(() => null)) ?? {};
  const told = error ? [error.what, error.remedy].filter(Boolean).map(sentence).join(" ") : "";
  return new Refused(WHY[answer.status] ?? (LATER.has(answer.status) ? "server" : "refused"), told);
}

const sentence = (words) => (/[.?]$/.test(words) ? words : `${words}.`);
