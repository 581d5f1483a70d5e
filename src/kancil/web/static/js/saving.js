/* Answers that save themselves: what a form with `hx-post` has not got an answer for yet is sent once
   more when the page is left, so that an answer typed right before a link is pressed is not lost. */
(() => {
  'use strict';
  const waiting = new Set();
  const sent = new WeakMap();
  const told = (form) => new URLSearchParams(new FormData(form)).toString();
  const formOf = (element) => element.closest('form.slot[hx-post]');

  document.addEventListener('change', (event) => {
    const form = formOf(event.target);
    if (form) waiting.add(form);
  });
  document.addEventListener('submit', (event) => waiting.delete(event.target));
  document.addEventListener('htmx:beforeRequest', (event) => {
    const form = formOf(event.detail.elt);
    if (form) sent.set(form, told(form));
  });
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = formOf(event.detail.elt);
    if (form && event.detail.successful && sent.get(form) === told(form)) waiting.delete(form);
  });
  addEventListener('pagehide', () => {
    for (const form of waiting) navigator.sendBeacon(form.action, new FormData(form));
  });
})();
