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
/* What is kept is answered first: a hall's network may hang for minutes. Another version of the page
   or of a file gives this script other bytes, by which the browser installs it anew. */
self.addEventListener('fetch', (event) => {
  const {pathname} = new URL(event.request.url);
  if (event.request.method !== 'GET' || !KEPT.includes(pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    return await cache.match(pathname) ?? fetch(event.request);
  })());
});
