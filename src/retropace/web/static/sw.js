// Service worker: the coach and what it needs, kept on the phone, so that a session begins without a server.
// The server puts in what to keep. A new edition waits until no session runs: it never comes under a runner.

const EDITION = "%EDITION%";
const KEPT = /*KEPT*/ [];
/** Pages that open from here first, by their path. All others come from the server, and where it is gone, /offline does. */
const PAGES = /*PAGES*/ [];
const OFFLINE = "/offline";
/** The lock that a running session holds; see coach-run.js. */
const SESSION = "retropace-session";

self.addEventListener("install", (event) => event.waitUntil(keep()));

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("message", (event) => {
  if (event.data === "activate-when-idle") event.waitUntil(activateWhenIdle());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(PAGES.includes(url.pathname) ? keptPage(url.pathname) : page(request));
  else if (KEPT.includes(url.pathname)) event.respondWith(keptFile(request, url.pathname));
});

async function keep() {
  const cache = await caches.open(EDITION);
  await cache.addAll([...KEPT, ...PAGES, OFFLINE].map((path) => new Request(path, { cache: "no-cache" })));
}

async function begin() {
  const others = (await caches.keys()).filter((name) => name !== EDITION);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function activateWhenIdle() {
  // The page that asks may come right after one that held the lock: its lock goes a moment later.
  for (const wait_ms of [0, 300, 1500]) {
    await new Promise((go) => setTimeout(go, wait_ms));
    const { held } = await navigator.locks.query();
    if (!held.some((lock) => lock.name === SESSION)) return self.skipWaiting();
  }
}

const fromHere = async (path) => (await caches.open(EDITION)).match(path);

async function keptPage(path) {
  return (await fromHere(path)) ?? fetch(path);
}

async function keptFile(request, path) {
  return (await fromHere(path)) ?? fetch(request);
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await fromHere(OFFLINE)) ?? Response.error();
  }
}
