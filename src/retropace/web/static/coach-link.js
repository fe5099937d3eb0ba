// Link: a websocket that says twice a second that it is there, notices when nothing comes back, and comes again.

/** Codes after which coming back is of no use: another page took over, signed out, not theirs, ended, malformed. */
const FOR_GOOD = new Set([4001, 4401, 4403, 4404, 4400]);
/** A socket that did not open for so long is given up [ms]; the wait before the next try doubles up to the last [ms]. */
const OPENS_MS = 2000;
const WAITS_MS = [250, 2000];

/** What this page calls itself: when it comes back, it takes its own place again. */
const PAGE = Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16).padStart(2, "0")).join("");

/**
 * Events: `up` {up}; `message` {k, ...} for whatever came, echoes apart; `closed` {code, why} when it will not come back.
 */
export class Link extends EventTarget {
  #socket = null;
  #heard = -Infinity;
  #tried = 0;
  #wait = WAITS_MS[0];
  #again = 0;
  #up = false;
  #over = false;
  #rtt = NaN;

  /**
   * @param {string} url address of the socket, on this host
   * @param {{beat_s?: number, lost_s?: number, beat?: () => object}} options `beat` gives what every beat says besides
   */
  constructor(url, { beat_s = 0.5, lost_s = 1.5, beat = () => ({}) } = {}) {
    super();
    this.url = new URL(url, location.href);
    this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.url.searchParams.set("page", PAGE);
    this.beat_s = beat_s;
    this.lost_s = lost_s;
    this.says = beat;
    this.beating = setInterval(() => this.beat(), beat_s * 1000);
    this.watching = setInterval(() => this.#watch(), 100);
    this.now = () => this.#retry();
    addEventListener("online", this.now);
    document.addEventListener("visibilitychange", this.now);
    this.#connect();
  }

  /** Whether the server answered within `lost_s`. */
  get up() {
    return this.#up;
  }

  /** How long the last beat took there and back [ms]; NaN before the first. */
  get rtt_ms() {
    return this.#rtt;
  }

  /** Send a message; whether it could be handed to the network. */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Say at once that this page is there. */
  beat() {
    this.send({ k: "beat", t: performance.now(), ...this.says() });
  }

  /** Hang up for good. */
  close() {
    this.#over = true;
    clearInterval(this.beating);
    clearInterval(this.watching);
    clearTimeout(this.#again);
    removeEventListener("online", this.now);
    document.removeEventListener("visibilitychange", this.now);
    this.#drop();
    this.#set(false);
  }

  #connect() {
    this.#drop();
    this.#tried = performance.now();
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = (event) => this.#closed(event.code, event.reason);
  }

  #opened() {
    this.#heard = performance.now();
    this.beat();
  }

  #hear(text) {
    this.#heard = performance.now();
    this.#wait = WAITS_MS[0];
    const message = JSON.parse(text);
    if (message.k === "echo") this.#rtt = performance.now() - message.t;
    this.#set(true);
    if (message.k !== "echo") this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  #closed(code, why) {
    this.#socket = null;
    this.#set(false);
    if (FOR_GOOD.has(code)) {
      this.close();
      this.dispatchEvent(new CustomEvent("closed", { detail: { code, why } }));
      return;
    }
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random()));
    this.#wait = Math.min(this.#wait * 2, WAITS_MS[1]);
  }

  /** A cut link says nothing: silence is all there is to go by. */
  #watch() {
    const state = this.#socket?.readyState;
    const now = performance.now();
    if (state === WebSocket.OPEN && now - this.#heard > this.lost_s * 1000) this.#giveUp();
    else if (state === WebSocket.CONNECTING && now - this.#tried > OPENS_MS) this.#giveUp();
  }

  #giveUp() {
    this.#drop();
    this.#closed(0, "");
  }

  #retry() {
    if (this.#over) return;
    this.beat();
    if (this.#socket === null && document.visibilityState === "visible") {
      clearTimeout(this.#again);
      this.#connect();
    }
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #set(up) {
    if (up === this.#up) return;
    this.#up = up;
    this.dispatchEvent(new CustomEvent("up", { detail: { up } }));
  }
}
