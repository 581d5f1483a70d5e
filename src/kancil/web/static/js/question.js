/* Keys on a question's page: n and p go to the next and the one before, a digit chooses a stage, u is
   not known, x not applicable, h, m and l how sure one is, c the comment. Where text is typed, keys are text; Esc leaves it.
   A digit and the keys u and x are for the part in which the reader is, else for the first one that
   is not answered. What is not saved yet is sent before the page is left by a key. */
(() => {
  'use strict';
  const form = document.getElementById('answer');
  let isUnsaved = false;
  const isText = (element) => element.matches('textarea, select, [contenteditable]')
    || (element.matches('input') && !element.matches('[type=radio], [type=checkbox]'));

  const slot = () => {
    const here = document.activeElement?.closest('[data-slot]');
    if (here && form.contains(here)) return here;
    const all = [...form.querySelectorAll('[data-slot]')];
    return all.find((each) => each.querySelector('input[type=radio]')
      && !each.querySelector('input[type=radio]:checked')) ?? all[0];
  };
  const choice = (key) => {
    const radios = [...(slot()?.querySelectorAll('input[type=radio]') ?? [])];
    const named = {u: 'nk', x: 'na'}[key] ?? key;
    const found = radios.find((each) => each.value === named);
    if (found || !/^[1-9]$/.test(key) || radios.some((each) => /^[0-9]$/.test(each.value))) return found;
    return radios.filter((each) => each.value !== 'na' && each.value !== 'nk')[Number(key) - 1];
  };
  const sure = (key) => {
    const value = {h: 'high', m: 'medium', l: 'low'}[key];
    return value ? form.querySelector(`[name=confidence][value=${value}]`) : null;
  };
  const choose = (radio) => {
    radio.checked = true;
    radio.focus();
    for (const kind of ['input', 'change']) radio.dispatchEvent(new Event(kind, {bubbles: true}));
    if (radio.value === 'na') {
      radio.closest('[data-slot]')?.querySelector('[name^=reason_]')?.focus();
    }
  };
  const go = (key, link) => {
    const button = form?.querySelector(`button[name=do][value=${key === 'n' ? 'next' : 'before'}]`);
    const isChosen = form?.querySelector('[data-slot] input[type=radio]:checked');
    if (isUnsaved && button && isChosen) form.requestSubmit(button);
    else link.click();
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isText(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      go(event.key, link);
      return;
    }
    if (!form) return;
    if (event.key === 'c') {
      event.preventDefault();
      form.querySelector('[name=comment]')?.focus();
      return;
    }
    const radio = sure(event.key) ?? (/^[0-9ux]$/.test(event.key) ? choice(event.key) : null);
    if (!radio) return;
    event.preventDefault();
    choose(radio);
  });

  form?.addEventListener('input', () => { isUnsaved = true; });
  /* What was not saved stays a draft of this window, although the page was answered. */
  document.addEventListener('htmx:afterSettle', () => {
    const saved = document.getElementById('saved');
    if (!form || !saved) return;
    isUnsaved = 'unsaved' in saved.dataset;
    if (isUnsaved) form.elements.comment.dispatchEvent(new Event('input', {bubbles: true}));
  });
  /* What was given elsewhere is taken: what is typed here is let go. */
  document.addEventListener('click', (event) => {
    if (!form || !event.target.closest('[data-leave]')) return;
    form.dispatchEvent(new CustomEvent('kancil:done', {bubbles: true}));
    document.dispatchEvent(new CustomEvent('kancil:leaving'));
  });
  /* A session that is over: the page is asked for again, and with it who is there. */
  document.addEventListener('htmx:beforeOnLoad', (event) => {
    if (event.detail.xhr.status === 401) document.dispatchEvent(new CustomEvent('kancil:leaving'));
  });
})();
