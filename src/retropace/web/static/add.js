// Files chosen or dropped are sent one by one, with their progress; without this script the same form sends them all.
const form = document.getElementById("add");
const area = document.getElementById("sending");
const list = document.getElementById("results");
const whole = document.getElementById("sending-all");
const sum = document.getElementById("sending-sum");
const stop = document.getElementById("sending-stop");
const again = document.getElementById("sending-again");
const done = document.getElementById("sending-done");
const log = document.getElementById("sending-log");
const csrf = document.querySelector('meta[name="csrf"]').content;
const words = Object.fromEntries(
  [...document.getElementById("add-words-of-script").content.children].map((p) => [p.dataset.say, p.textContent]),
);
const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Everything that was asked to be sent: {name, size, parts: [[path, File]], row, state, sent, results}. */
const parcels = [];
let running = null;
let stopped = false;

document.body.classList.add("scripted");
document.querySelector(".add-drop").hidden = !matchMedia("(pointer:fine)").matches;

// -- what to send ----------------------------------------------------------------------------------------------------

const folderInput = document.getElementById("folder");
if ("webkitdirectory" in folderInput && matchMedia("(pointer:fine)").matches) {
  folderInput.disabled = false;
  document.querySelector(".add-folder").hidden = false;
}
for (const input of form.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => {
    take([...input.files].map((file) => [file.webkitRelativePath || file.name, file]));
    input.value = "";
  });
}
form.addEventListener("submit", (event) => event.preventDefault());

/** What is left of a file's name without a sensor's word; the server finds out whether such files are one recording. */
const SENSORS = /^(acc(el|eleration|elerometer)?|gyr(o|oscope)?|rotation(rate)?|mag(net|netic|netometer)?|gravity)$/i;
function key(path) {
  if (!/\.(csv|txt|tsv|log|dat)$/i.test(path) || /linear|user|vertical/i.test(path)) return null;
  const rest = path.replace(/[A-Za-z][a-z]+|[A-Z]+/g, (word) => (SENSORS.test(word) ? "" : word));
  return rest === path ? null : rest.replace(/[\d.]+\s*hz/i, "").toLowerCase();
}

/** Files of a folder that a sensor app wrote are sent together, and those that differ by a sensor's word; others alone. */
function packed(found) {
  const folders = found
    .map(([path]) => path.match(/^(.*\/)(?:metadata\.csv|meta\/device\.csv)$/i)?.[1])
    .filter(Boolean);
  const together = new Map();
  const made = [];
  for (const [path, file] of found) {
    if (/(^|\/)(\.|__MACOSX\/)/.test(path)) continue;
    const folder = folders.find((start) => path.startsWith(start));
    const alike = folder ?? key(path);
    const part = [folder === undefined ? path.replace(/^.*\//, "") : path, file];
    if (alike !== null && together.has(alike)) {
      const parcel = together.get(alike);
      parcel.parts.push(part);
      if (folder === undefined) parcel.name += ` + ${part[0]}`;
    } else {
      const parcel = { name: folder?.replace(/\/$/, "") ?? path, parts: [part] };
      if (alike !== null) together.set(alike, parcel);
      made.push(parcel);
    }
  }
  return made;
}

function take(found) {
  area.hidden = false;
  stopped = false;
  done.hidden = true;
  log.hidden = true;
  again.hidden = true;
  const added = packed(found);
  for (const parcel of added) {
    parcel.size = parcel.parts.reduce((total, [, file]) => total + file.size, 0);
    add(parcel);
  }
  if (!added.length) sum.textContent = say("empty");
  else if (!running) next();
  area.scrollIntoView({ block: "nearest" });
}

function add(parcel) {
  const row = document.getElementById("sending-file").content.firstElementChild.cloneNode(true);
  row.querySelector("b").textContent = parcel.name;
  Object.assign(parcel, { row, state: "waiting", sent: 0, results: [] });
  tell(parcel, say("waiting"), "none");
  parcels.push(parcel);
  list.append(row);
}

function tell(parcel, text, share = null) {
  parcel.row.querySelector(".result-state").textContent = text;
  const bar = parcel.row.querySelector("progress");
  bar.hidden = share === "none";
  if (share === "busy") bar.removeAttribute("value");
  else if (typeof share === "number") bar.value = share;
}

// -- sending ---------------------------------------------------------------------------------------------------------

function next() {
  running = stopped ? null : parcels.find((parcel) => parcel.state === "waiting") ?? null;
  total();
  if (!running) return finished();
  stop.hidden = false;
  if (running.parts.some(([, file]) => file.size > Number(form.dataset.most))) return ended(running, "refused", say("large"));
  send(running);
}

function send(parcel) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  for (const [name, value] of parcel.columns ?? []) body.append(name, value);
  for (const [path, file] of parcel.parts) body.append("files", file, path);
  parcel.request = request;
  parcel.state = "sending";
  let read = 0;
  const receive = () => {
    const lines = request.responseText.slice(read).split("\n");
    read = request.responseText.length - lines.pop().length;
    for (const line of lines) if (line) show(parcel, JSON.parse(line));
  };
  request.upload.addEventListener("progress", ({ loaded, total: all }) => {
    parcel.sent = loaded / all;
    tell(parcel, say("sent", { percent: Math.floor(100 * parcel.sent) }), parcel.sent);
    total();
  });
  request.upload.addEventListener("load", () => {
    parcel.sent = 1;
    parcel.state = "reading";
    tell(parcel, say("reading"), "busy");
    total();
  });
  request.addEventListener("progress", () => request.status === 200 && receive());
  request.addEventListener("load", () => {
    if (request.status !== 200) return ended(parcel, "broken", refusal(request.responseText) || say("broken"));
    receive();
    ended(parcel, parcel.complete ? "done" : "broken", parcel.complete ? "" : say("broken"));
  });
  request.addEventListener("error", () => ended(parcel, "broken", say("broken")));
  request.addEventListener("abort", () =>
    ended(parcel, "stopped", say(parcel.state === "reading" ? "stopped-reading" : "stopped")),
  );
  request.open("POST", form.dataset.one);
  request.setRequestHeader("x-csrf", csrf);
  request.send(body);
}

/** The sentence on a page that refuses. */
function refusal(text) {
  const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
  return main ? [...main.querySelectorAll("h1, h1 ~ p:not(:has(a))")].map((part) => part.textContent.trim()).join(" ") : "";
}

/** One line of the answer: what became of one recording, as a row; or that this was all. */
function show(parcel, line) {
  if (line.end) parcel.complete = true;
  else {
    const made = document.createRange().createContextualFragment(line.html).firstElementChild;
    (parcel.results.at(-1)?.row ?? parcel.row).after(made);
    parcel.results.push({ row: made, ...line });
    tell(parcel, `${say("reading")}: ${say("found", { count: parcel.results.length })}`, "busy");
    explain(parcel, made);
  }
}

function ended(parcel, state, text) {
  parcel.state = state;
  parcel.request = null;
  parcel.sent = 1;
  if (state === "done") parcel.row.hidden = true;
  else tell(parcel, text, "none");
  if (parcel.explained && !parcel.results.some(({ header }) => header === parcel.explained)) likewise(parcel.explained);
  next();
}

function total() {
  const all = parcels.reduce((bytes, parcel) => bytes + parcel.size + 1, 0);
  const sent = parcels.reduce((bytes, parcel) => bytes + parcel.sent * (parcel.size + 1), 0);
  const over = parcels.filter((parcel) => !["waiting", "sending", "reading"].includes(parcel.state)).length;
  whole.value = sent / all;
  sum.textContent = say("sum", { done: over, all: parcels.length });
}

function finished() {
  for (const parcel of parcels) if (parcel.state === "waiting") ended_unsent(parcel);
  stop.hidden = true;
  again.hidden = !parcels.some((parcel) => ["broken", "stopped"].includes(parcel.state));
  const results = parcels.flatMap((parcel) => parcel.results);
  done.hidden = !results.some((result) => result.href);
  const days = results.map((result) => result.log).filter(Boolean).sort();
  log.hidden = !days.length;
  if (days.length) log.href = days.at(-1);
  form.querySelector("label").classList.toggle("go", !days.length); // one thing to do next
  sum.textContent = came(results);
  if (parcels.length === 1 && results.length === 1 && results[0].state === "added") location.assign(results[0].href);
}

/** What became of all of them, in a few words. */
function came(results) {
  const count = (...states) => results.filter(({ state }) => states.includes(state)).length;
  const broken = parcels.filter(({ state, results: own }) => state !== "done" && !own.length).length;
  const told = { added: count("added", "alike"), known: count("known"), missing: count("refused", "columns") + broken };
  return Object.entries(told)
    .filter(([, number]) => number)
    .map(([key, number]) => say(`sum-${key}`, { count: number }))
    .join(", ");
}

function ended_unsent(parcel) {
  parcel.state = "stopped";
  tell(parcel, say("stopped"), "none");
}

stop.addEventListener("click", () => {
  stopped = true;
  if (running?.request) running.request.abort();
});
again.addEventListener("click", () => {
  stopped = false;
  again.hidden = true;
  for (const parcel of parcels) if (["broken", "stopped"].includes(parcel.state)) repeat(parcel);
  if (!running) next();
});
addEventListener("beforeunload", (event) => running && event.preventDefault());

function repeat(parcel) {
  for (const { row } of parcel.results) row.remove();
  Object.assign(parcel, { state: "waiting", sent: 0, results: [], complete: false });
  parcel.row.hidden = false;
  tell(parcel, say("waiting"), "none");
}

// -- tables somebody has to explain -------------------------------------------------------------------------------------

/** The file is still at hand: what is said of its columns is sent with it once more. */
function explain(parcel, row) {
  const asking = row.querySelector("form.columns");
  if (!asking) return;
  asking.querySelector(".columns-file").remove();
  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    parcel.columns = [...new FormData(asking)].filter(([name]) => name !== "csrf");
    parcel.explained = parcel.results.find((result) => result.row === row).header;
    stopped = false;
    repeat(parcel);
    if (!running) next();
  });
}

/** Other files with the header that was just explained can be read now too. */
function likewise(header) {
  for (const parcel of parcels) {
    parcel.explained = parcel.explained === header ? null : parcel.explained;
    if (parcel.state === "done" && parcel.results.some((result) => result.header === header)) repeat(parcel);
  }
}

// -- dropping ----------------------------------------------------------------------------------------------------------

const drop = document.getElementById("drop");
const withFiles = (event) => event.dataTransfer?.types.includes("Files");
let inside = 0;
addEventListener("dragenter", (event) => {
  if (!withFiles(event)) return;
  inside += 1;
  drop.hidden = false;
});
addEventListener("dragover", (event) => withFiles(event) && event.preventDefault());
addEventListener("dragleave", (event) => {
  if (!withFiles(event)) return;
  inside = Math.max(0, inside - 1);
  drop.hidden = inside === 0;
});
addEventListener("drop", async (event) => {
  if (!withFiles(event)) return;
  event.preventDefault();
  inside = 0;
  drop.hidden = true;
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...event.dataTransfer.files].map((file) => [file.name, file]);
  take(entries.length ? (await Promise.all(entries.map((entry) => filesIn(entry)))).flat() : plain);
});

/** Every file of a dropped file or folder, with its path. */
async function filesIn(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    return file ? [[entry.fullPath.slice(1), file]] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return (await Promise.all(found.map((inner) => filesIn(inner)))).flat();
    found.push(...some);
  }
}
