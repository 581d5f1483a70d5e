/* Small things every page can do: theme, copying by key, menus that close, faults of htmx in words.
   All words come from the page; nothing is fetched here and nothing is made from data as markup. */
(() => {
  'use strict';
  const root = document.documentElement;
  const status = document.getElementById('status');
  root.classList.add('js');

  const say = (words) => {
    status.textContent = '';
    setTimeout(() => { status.textContent = words; }, 30);
  };

  /* Theme: the cookie tells the server, so that the next page comes in the right colours. */
  const setTheme = (theme) => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    const age = theme ? 31536000 : 0;
    const secure = location.protocol === 'https:' ? ';Secure' : '';
    document.cookie = `kancil_theme=${theme};Path=/;Max-Age=${age};SameSite=Lax${secure}`;
    for (const button of document.querySelectorAll('[data-theme-set]')) {
      button.setAttribute('aria-pressed', String(button.dataset.themeSet === theme));
    }
    document.dispatchEvent(new CustomEvent('kancil:theme', {detail: {theme}}));
  };

  /* Copying: the clipboard where the browser gives it (https, localhost), else the old way. */
  const copyOldWay = (text) => {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'away';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  };
  const copy = async (source) => {
    const text = source.dataset.copy ?? source.dataset.copiedByKey;
    const focused = document.activeElement;
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      done = copyOldWay(text);
    }
    focused?.focus?.();
    say(done ? status.dataset.copied : status.dataset.notCopied);
    const button = source.matches('.copier') ? source : source.parentElement.querySelector('.copier');
    if (done && button) {
      button.classList.add('done');
      setTimeout(() => button.classList.remove('done'), 1600);
    }
  };

  /* Faults: a card from the page's own template, with the server's sentences where it sent some. */
  const showFault = (name, answer) => {
    const card = document.getElementById(name).content.firstElementChild.cloneNode(true);
    if (answer) {
      const sent = new DOMParser().parseFromString(answer, 'text/html');
      for (const part of ['sentence', 'next']) {
        const from = sent.querySelector(`[data-fault] [data-${part}]`);
        if (from) card.querySelector(`[data-${part}]`).textContent = from.textContent;
      }
    }
    const place = document.getElementById('notices');
    place.replaceChildren(card);
    card.focus();
  };

  const isTyping = (element) =>
    element.closest('input, textarea, select, [contenteditable]') !== null;

  /* An address that names a place within what is folded opens it. */
  const unfold = () => {
    const place = location.hash && document.getElementById(location.hash.slice(1));
    const fold = place && place.closest('details:not(.menu)');
    if (fold && !fold.open) {
      fold.open = true;
      fold.scrollIntoView();
    }
  };
  addEventListener('hashchange', unfold);
  addEventListener('DOMContentLoaded', unfold);

  /* On paper nobody can unfold: what is folded is printed whole, forms apart. */
  addEventListener('beforeprint', () => {
    for (const fold of document.querySelectorAll('details.more:not([open])')) {
      if (!fold.querySelector('form')) fold.open = fold.dataset.folded = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const fold of document.querySelectorAll('details[data-folded]')) {
      fold.open = false;
      delete fold.dataset.folded;
    }
  });

  document.addEventListener('click', (event) => {
    const target = event.target;
    const theme = target.closest('[data-theme-set]');
    if (theme) setTheme(theme.dataset.themeSet);
    const source = target.closest('[data-copy]');
    if (source) copy(source);
    if (target.closest('[data-close]')) target.closest('.notice').remove();
    const opener = target.closest('[data-dialog]');
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(target)) menu.open = false;
    }
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      const menu = document.querySelector('details.menu[open]');
      if (menu) {
        menu.open = false;
        menu.querySelector('summary').focus();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'c') {
      const source = event.target.closest('[data-copy], [data-copied-by-key]');
      if (source) {
        event.preventDefault();
        copy(source);
      }
    }
    const find = document.getElementById('find');
    if (event.key === '/' && find) {
      event.preventDefault();
      find.focus();
    }
  });

  /* A session that ended answers a part of a page with the sign-in page: go there as a whole, and
     come back to this page. */
  document.addEventListener('htmx:beforeSwap', (event) => {
    const {xhr} = event.detail;
    if (!/<body[^>]*\bdata-page="(?:sign-in|expired)"/.test(xhr.responseText)) return;
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    const there = new URL(xhr.responseURL || location.href, location.href);
    there.searchParams.set('next', location.pathname + location.search);
    document.dispatchEvent(new CustomEvent('kancil:leaving'));
    location.assign(there);
  });
  /* A passkey that was refused or given up is said in words; allauth only tells the console. */
  document.addEventListener('allauth.error', (event) => {
    if (!document.getElementById('no-passkey')) return;
    event.preventDefault();
    showFault('no-passkey');
  });
  document.addEventListener('htmx:responseError', (event) =>
    showFault('fault', event.detail.xhr.responseText));
  document.addEventListener('htmx:sendError', () => showFault('no-answer'));
  document.addEventListener('htmx:timeout', () => showFault('no-answer'));
  document.addEventListener('htmx:swapError', () => showFault('fault'));

  document.getElementById('form-errors')?.focus();
})();
