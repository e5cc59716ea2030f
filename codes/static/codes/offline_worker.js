// Opens a page without a line: the newest copy of the page and its files is kept, and used in need.
/* exported serve */
function serve({ kept: KEPT, page, files }) {
  const addresses = new Set([page, ...files]);

  self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(Promise.all([...addresses].map((address) => freshOrKept(new Request(address), address))));
  });
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

  self.addEventListener("fetch", (event) => {
    const { pathname, origin } = new URL(event.request.url);
    if (event.request.method !== "GET" || origin !== self.location.origin || !addresses.has(pathname)) return;
    event.respondWith(freshOrKept(event.request, pathname));
  });

  async function freshOrKept(request, pathname) {
    const cache = await caches.open(KEPT);
    try {
      const answer = await fetch(request);
      if (answer.ok && !answer.redirected && answer.type === "basic") await cache.put(pathname, answer.clone());
      // led to the sign-in: what the last person saw is not for the next one
      else if (pathname === page && answer.type === "opaqueredirect") await cache.delete(page);
      return answer;
    } catch (lost) {
      const kept = await cache.match(pathname, { ignoreVary: true });
      if (kept) return kept;
      throw lost;
    }
  }
}
