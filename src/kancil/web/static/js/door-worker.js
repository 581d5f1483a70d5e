/* Serves the page of one device and its fixed files without network. The view puts KEPT before this:
   the page's own address first, then the files. Lists, marks and answers are never kept here. */
'use strict';
const NAME = `kancil-door ${self.registration.scope}`;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    await cache.addAll(KEPT.map((url) => new Request(url, {cache: 'reload'})));
    await self.skipWaiting();
  })());
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const {pathname} = new URL(event.request.url);
  if (event.request.method !== 'GET' || !KEPT.includes(pathname)) return;
  const isPage = pathname === KEPT[0];
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    const kept = await cache.match(pathname);
    if (kept && !isPage) return kept;
    try {
      const answer = await fetch(event.request);
      if (isPage && answer.ok) await cache.put(pathname, answer.clone());
      return answer;
    } catch (fault) {
      if (kept) return kept;
      throw fault;
    }
  })());
});
