/* Drafts: what is typed into a form marked `data-keep="name"` is lost neither by a session that ends
   nor by a page left too early. It stays in this window's sessionStorage, under the person who typed
   it; whoever signs in next in the same window neither sees nor keeps it.

   Pages say what they are by <body data-page>: `page`, `sign-in`, `expired`, `error`, `signed-out`.
   Passwords and files are never kept; nor is what the form marks `data-unkept`. A hidden field is
   kept where it is marked `data-kept`: which version of a text was read goes with what was typed.
   A page that refuses what must be kept nowhere names the fields in `data-forgotten`. */
(() => {
  'use strict';
  const BEGIN = 'kancil.draft:';
  const SENT = 'kancil.sent';
  const {page, person} = document.body.dataset;
  const store = sessionStorage;
  const LEFT_OUT = new Set(['password', 'file', 'hidden', 'submit', 'button', 'reset', 'image']);
  const changed = new WeakSet();
  let isLeaving = false;

  const drafts = () => Object.keys(store).filter((key) => key.startsWith(BEGIN));
  const keyOf = (form) => `${BEGIN}${person ?? ''}:${location.pathname}:${form.dataset.keep}`;
  const fieldsOf = (form) => [...form.elements].filter((field) =>
    field.name && (!LEFT_OUT.has(field.type) || 'kept' in field.dataset) && field.tagName !== 'FIELDSET'
    && field.closest('[data-unkept]') === null);

  const read = (form) => fieldsOf(form).map((field) => {
    if (field.type === 'checkbox' || field.type === 'radio') {
      return [field.name, field.value, field.checked];
    }
    if (field.multiple && field.options) {
      return [field.name, [...field.selectedOptions].map((each) => each.value)];
    }
    return [field.name, field.value];
  });

  const write = (form, kept) => {
    let differs = false;
    const rest = [...kept];
    for (const field of fieldsOf(form)) {
      const isChoice = field.type === 'checkbox' || field.type === 'radio';
      const place = rest.findIndex(([name, value]) =>
        name === field.name && (!isChoice || value === field.value));
      if (place < 0) continue;
      const [[, value, checked]] = rest.splice(place, 1);
      if (isChoice) {
        differs ||= field.checked !== checked;
        field.checked = checked;
      } else if (field.multiple && field.options) {
        for (const each of field.options) {
          differs ||= each.selected !== value.includes(each.value);
          each.selected = value.includes(each.value);
        }
      } else {
        differs ||= field.value !== value;
        field.value = value;
      }
    }
    return differs;
  };

  const keep = (form) => {
    changed.add(form);
    try {
      store.setItem(keyOf(form), JSON.stringify(read(form)));
    } catch (fault) {
      console.warn('draft not kept', fault.name);
    }
  };
  const forget = (form) => {
    changed.delete(form);
    store.removeItem(keyOf(form));
  };

  const forgetFields = (names) => {
    if (!names) return;
    const left = new Set(names.split(' '));
    for (const key of drafts()) {
      const kept = JSON.parse(store.getItem(key));
      store.setItem(key, JSON.stringify(kept.filter(([name]) => !left.has(name))));
    }
  };

  const offer = (form) => {
    const card = document.getElementById('restored').content.firstElementChild.cloneNode(true);
    card.querySelector('[data-discard]').addEventListener('click', () => {
      forget(form);
      form.reset();
      card.remove();
      form.dispatchEvent(new CustomEvent('kancil:discarded', {bubbles: true}));
    });
    form.before(card);
  };

  const restore = (form) => {
    const kept = store.getItem(keyOf(form));
    if (kept === null) return;
    if (form.querySelector('[aria-invalid=true]') || form.hasAttribute('data-bound')) {
      keep(form); // the server sent back what was typed; that is newer
      return;
    }
    if (write(form, JSON.parse(kept))) {
      changed.add(form);
      offer(form);
    } else {
      store.removeItem(keyOf(form));
    }
  };

  /* What was sent is done when the next page is an ordinary one; after a sign-in page or a fault it
     is a draft again. */
  const sent = store.getItem(SENT);
  if (page === 'signed-out') {
    for (const key of drafts()) store.removeItem(key);
    store.removeItem(SENT);
  } else if (page === 'sign-in' || page === 'expired' || page === 'error') {
    forgetFields(document.querySelector('[data-forgotten]')?.dataset.forgotten);
    store.removeItem(SENT);
  } else {
    store.removeItem(SENT);
    if (person !== undefined) {
      for (const key of drafts()) {
        if (!key.startsWith(`${BEGIN}${person}:`) || key === sent) {
          const form = [...document.querySelectorAll('form[data-keep]')].find((each) =>
            keyOf(each) === key);
          const isBack = form && (form.querySelector('[aria-invalid=true]')
            || form.hasAttribute('data-bound'));
          if (!isBack) store.removeItem(key);
        }
      }
    }
    for (const form of document.querySelectorAll('form[data-keep]')) restore(form);
  }

  document.addEventListener('input', (event) => {
    const form = event.target.form;
    if (form?.matches('form[data-keep]')) keep(form);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('form[data-keep]')) return;
    keep(form);
    changed.delete(form);
    if (!event.defaultPrevented) store.setItem(SENT, keyOf(form));
  });
  document.addEventListener('htmx:load', (event) => {
    for (const form of event.detail.elt.querySelectorAll('form[data-keep]')) restore(form);
  });
  document.addEventListener('htmx:afterRequest', (event) => {
    const {elt, verb} = event.detail.requestConfig; // the form itself, even where it was replaced
    const form = elt.closest('form[data-keep]');
    if (!form || verb === 'get') return;
    store.removeItem(SENT);
    const refused = /\bdata-forgotten="([^"]*)"/.exec(event.detail.xhr.responseText ?? '');
    if (refused) {
      forgetFields(refused[1]);
      const names = new Set(refused[1].split(' '));
      for (const field of form.elements) if (names.has(field.name)) field.value = '';
    }
    const isElse = /<body[^>]*\bdata-page="(?:sign-in|expired|error)"/
      .test(event.detail.xhr.responseText ?? '');
    if (event.detail.successful && !isElse) forget(form); else changed.add(form);
  });
  document.addEventListener('kancil:done', (event) => forget(event.target)); // sent by a script
  document.addEventListener('kancil:leaving', () => { isLeaving = true; });
  window.addEventListener('beforeunload', (event) => {
    if (isLeaving) return;
    const isOpen = [...document.querySelectorAll('form[data-keep]')].some((form) =>
      changed.has(form));
    if (isOpen) event.preventDefault();
  });
})();
