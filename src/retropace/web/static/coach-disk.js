// The coach's disk: IndexedDB, opened, read and written, with one word for everything that can go wrong with it.

const NAME = "retropace-coach";
const VERSION = 1;
const OPEN_WITHIN_MS = 4000;

/** Every reason why something cannot be kept; the page has one sentence for each. */
export const TROUBLES = [
  "absent", // this browser keeps nothing at all
  "refused", // it may not: private window, or forbidden in its settings
  "blocked", // another tab is in the way of opening
  "outdated", // another tab runs a newer coach
  "full", // no room left
  "gone", // what was kept was thrown away meanwhile
  "failed", // the disk said no
  "slow", // the disk has not answered for seconds
  "dropped", // even memory was full: samples were lost
  "elsewhere", // this run is recorded in another tab
  "ended", // this run has ended: nothing more goes into it
];

const WHY = {
  QuotaExceededError: "full",
  SecurityError: "refused",
  InvalidStateError: "gone",
  VersionError: "outdated",
};

/** A disk that does not do what it should; `why` is one of TROUBLES. */
export class Trouble extends Error {
  constructor(why, cause) {
    super(why, { cause });
    this.why = why;
  }
}

export const troubleOf = (error) => (error instanceof Trouble ? error : new Trouble(WHY[error?.name] ?? "failed", error));

/** The database, `version` of it. Throws Trouble. */
export function opened(version = VERSION) {
  return new Promise((good, bad) => {
    const request = asked(version);
    let waiting = true;
    const end = (settle, answer) => {
      waiting = false;
      clearTimeout(late);
      settle(answer);
    };
    const late = setTimeout(() => end(bad, new Trouble("blocked")), OPEN_WITHIN_MS);
    request.onupgradeneeded = () => furnish(request.result);
    request.onblocked = () => end(bad, new Trouble("blocked"));
    request.onerror = () => end(bad, troubleOf(request.error));
    request.onsuccess = () => (waiting ? end(good, request.result) : request.result.close());
  });
}

function asked(version) {
  if (!globalThis.indexedDB) throw new Trouble("absent");
  try {
    return indexedDB.open(NAME, version);
  } catch (error) {
    throw new Trouble("refused", error);
  }
}

function furnish(db) {
  const names = db.objectStoreNames;
  if (!names.contains("guides")) db.createObjectStore("guides", { keyPath: "day" });
  if (!names.contains("runs")) db.createObjectStore("runs", { keyPath: "id" });
  if (!names.contains("chunks")) db.createObjectStore("chunks", { keyPath: ["run", "stream", "seq"] });
}

const answered = (request) =>
  new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });

const committed = (transaction) =>
  new Promise((good, bad) => {
    transaction.oncomplete = () => good();
    transaction.onabort = () => bad(transaction.error ?? new Trouble("gone"));
  });

/** Fires `trouble` {why} when it begins to fail, and with why null once it works again. */
export class Disk extends EventTarget {
  constructor(db, why = null) {
    super();
    this.why = why;
    this.recorders = 0;
    this.leaving = false;
    this.opening = null;
    this.had = false;
    this.use(db);
  }

  use(db) {
    this.db = db;
    if (!db) return;
    this.had = true;
    db.onversionchange = () => this.giveWay();
    db.onclose = () => this.lose("gone");
  }

  // A newer coach in another tab may open the database once we let go; while a run is being recorded we do not.
  giveWay() {
    this.leaving = this.recorders > 0;
    if (this.leaving || !this.db) return;
    this.db.close();
    this.lose("outdated");
  }

  busy(begins) {
    this.recorders += begins ? 1 : -1;
    if (this.leaving) this.giveWay();
  }

  lose(why) {
    this.db = null;
    this.tell(why);
  }

  tell(why) {
    if (this.why === why) return;
    this.why = why;
    this.dispatchEvent(new CustomEvent("trouble", { detail: { why } }));
  }

  failed(error) {
    const trouble = troubleOf(error);
    if (trouble.why === "gone") this.db = null; // opened once more by whoever comes next
    this.tell(trouble.why);
    return trouble;
  }

  /** The answer to what `asking` requests of a store. Throws Trouble. */
  async read(store, asking) {
    try {
      if (!this.db) await this.again();
      return await answered(asking(this.db.transaction(store).objectStore(store)));
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** Changes [store, verb, argument] in one transaction; they have reached the disk when this returns. Throws Trouble. */
  async write(changes) {
    const stores = [...new Set(changes.map(([store]) => store))];
    await this.commit(stores, (place) => {
      for (const [store, verb, ...what] of changes) place(store)[verb](...what);
    });
  }

  /** What `changing` makes of what stands at `key`, undefined where nothing does; nobody can come between. Throws Trouble. */
  async change(store, key, changing) {
    let value;
    await this.commit([store], (place, over) => {
      const request = place(store).get(key);
      request.onsuccess = () => {
        value = changing(request.result);
        place(store).put(value);
        over();
      };
      return true;
    });
    return value;
  }

  // One transaction on the disk when this returns. It is over at once, as a page that is being closed gets no further turn,
  // except where `writing` says that it asks first.
  async commit(stores, writing) {
    try {
      if (!this.db) await this.again();
      const transaction = this.db.transaction(stores, "readwrite", { durability: "strict" });
      const whole = committed(transaction);
      const over = () => transaction.commit();
      if (!writing((store) => transaction.objectStore(store), over)) over();
      await whole;
      this.tell(null);
    } catch (error) {
      throw this.failed(error);
    }
  }

  // The browser closed it under us, because its data were cleared or it came to grief: it can be opened once more.
  async again() {
    if (!this.had || this.why === "outdated") throw new Trouble(this.why);
    this.opening ??= opened().then((db) => this.use(db)).finally(() => { this.opening = null; });
    await this.opening;
  }
}
