// The service worker: where there is no connection, our own page instead of the browser's error.
// It keeps that page and its files, and nothing of any person. `KEPT` comes before this text.
const NAME = `offline ${JSON.stringify(KEPT)}`;

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll([KEPT.offline, KEPT.unsent, ...KEPT.files]);
  await self.skipWaiting();
}

async function activate() {
  const others = (await caches.keys()).filter((name) => name !== NAME);
  await Promise.all(others.map((name) => caches.delete(name)));
  // The browser asks for pages while the worker starts, so that none waits for it.
  await self.registration.navigationPreload?.enable();
}

async function visit({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    return caches.match(request.method === "GET" ? KEPT.offline : KEPT.unsent);
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(visit(event));
  else if (KEPT.files.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});
