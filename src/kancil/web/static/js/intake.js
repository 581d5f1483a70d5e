/* Sending files for an intake: their SHA-256 first, in a worker; then piece after piece; then the
   server's own SHA-256 beside it. Whatever is cut goes on where the server says that it ended, with
   the same files. All words come from the page; without this script the form goes as it is.

   A request is tried a few times before the officer is asked. None does anything twice. */
const TRIES = 4;
const POLL_MS = 700;

const form = document.querySelector('form[data-intake]');
const said = JSON.parse(document.getElementById(form.dataset.words).textContent);
const place = document.getElementById('sending');
const at = (name, within = place) => within.querySelector(`[data-${name}]`);
const PIECE = Number(form.dataset.piece);
let stopping = null;
let files = [];
let rows = [];
let digests = [];
let names = [];
let begunAt = '';

const fill = (name, given) => said[name].replace(/\{(\w+)\}/g, (hole, key) => given[key] ?? hole);
const pauseMs = () => Number(form.dataset.pause);
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const sizeOf = (bytes) => {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${['', 'kB', 'MB', 'GB', 'TB'][power]}`;
};
const total = () => files.reduce((sum, file) => sum + file.size, 0);

/* What a name holds that is not seen is written out; the server has the last word on how. */
const seen = (name) => name.replace(/[\p{C}\p{Z}/\\]/gu, (letter) =>
  / |[\u200b-\u200d]/.test(letter) ? letter
    : `<U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}>`);

class Told extends Error {
  constructor(sentence, next = '', isFinal = true) {
    super(sentence);
    Object.assign(this, {sentence, next, isFinal});
  }
}

/* --- what is shown --- */

const show = (name, done, more = {}) => {
  at('now').textContent = fill(name, {done: sizeOf(done), total: sizeOf(total()), ...more});
  at('bar').max = Math.max(1, total());
  at('bar').value = total() === 0 ? 1 : done;
};

const notice = (kind, sentence, next = '') => {
  const card = document.getElementById('sent-notice').content.firstElementChild.cloneNode(true);
  card.classList.add(kind);
  card.querySelector('.icon').classList.add(`i-${kind}`);
  at('sentence', card).textContent = sentence;
  if (next) at('next', card).textContent = next; else at('next', card).remove();
  at('said').replaceChildren(card);
};

const makeRow = (file) => {
  const row = document.getElementById('sent-file').content.firstElementChild.cloneNode(true);
  at('name', row).textContent = seen(file.name);
  at('size', row).textContent = sizeOf(file.size);
  at('rows').append(row);
  return row;
};

const buttons = (shown) => {
  for (const name of ['stop', 'go-on', 'exhibit', 'more']) at(name).hidden = !shown.includes(name);
};

/* --- the digest, by the worker --- */

const hash = (file, tell) => new Promise((done, failed) => {
  const worker = new Worker(form.dataset.worker, {type: 'module'});
  const end = (how, value) => {
    worker.terminate();
    how(value);
  };
  stopping.signal.addEventListener('abort', () => end(failed, new DOMException('', 'AbortError')));
  worker.addEventListener('error', () => end(failed, new Told(fill('changed', {name: file.name}))));
  worker.addEventListener('message', ({data}) => {
    if (data.say === 'progress') tell(data.done);
    else if (data.say === 'digest') end(done, data.hex);
    else end(failed, new Told(fill('changed', {name: seen(file.name)})));
  });
  worker.postMessage({ask: 'hash', name: 'file', file});
});

const hexOf = (buffer) =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const digestOfPiece = async (piece) => globalThis.crypto?.subtle
  ? hexOf(await crypto.subtle.digest('SHA-256', piece)) : hash(new Blob([piece]), () => {});

/* --- asking the server --- */

const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1]
  ?? form.elements.csrfmiddlewaretoken.value;

const ask = async (url, {body, headers = {}, isFinal = (status) => status < 500} = {}) => {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    body,
    headers: {'HX-Request': 'true', ...(body === undefined ? {} : {'X-CSRFToken': token()}), ...headers},
    redirect: 'error',
    signal: stopping.signal,
  });
  if (answer.status === 401) throw new Told(said['signed-out']);
  if (answer.ok) return answer.json();
  const sent = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const part = (name) => sent.querySelector(`[data-fault] [data-${name}]`)?.textContent ?? '';
  throw new Told(part('sentence') || said['no-answer'], part('next'),
    isFinal(answer.status));
};

/* Try again what the network or a busy server has cut; what was refused in words is told at once. */
const patiently = async (act) => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (fault) {
      if (fault.name === 'AbortError' || fault.isFinal || fault.name === 'NotReadableError') throw fault;
      if (tries === TRIES) throw fault;
      await pause(pauseMs() * 2 ** (tries - 1));
    }
  }
};

const sendPiece = async (url, number, file, offset) => {
  const piece = await file.slice(offset, offset + PIECE).arrayBuffer();
  const sha256 = await digestOfPiece(piece);
  const headers = {
    'Content-Type': 'application/octet-stream',
    'X-Kancil-Offset': String(offset),
    'X-Kancil-Sha256': sha256,
  };
  // A piece that was cut or changed on its way is refused with 400, and is worth another try.
  const isFinal = (status) => status > 400 && status < 500;
  return (await ask(`${url}${number}/`, {body: piece, headers, isFinal})).done;
};

const sendFile = async (state, number, tell) => {
  const file = files[number - 1];
  let done = state.done[number - 1];
  let idle = 0;
  tell(done);
  while (done < file.size) {
    const before = done;
    done = await patiently(async () => {
      try {
        return await sendPiece(state.url, number, file, before);
      } catch (fault) {
        if (fault.name === 'AbortError' || fault.isFinal) throw fault;
        // Perhaps it arrived and only the answer was lost: the server knows.
        await pause(pauseMs());
        const there = (await ask(state.url)).done[number - 1];
        if (there === before) throw fault;
        return there;
      }
    });
    idle = done > before ? 0 : idle + 1;
    if (idle === TRIES) throw new Told(said['no-answer']);
    if (idle) await pause(pauseMs());
    tell(done);
  }
};

/* --- the whole way --- */

const hashAll = async () => {
  let before = 0;
  for (const [index, file] of files.entries()) {
    if (!digests[index]) {
      const start = before;
      digests[index] = await hash(file, (done) => show('hashing', start + done));
    }
    before += file.size;
    at('browser', rows[index]).textContent = digests[index];
  }
  show('hashed', before);
};

const sendAll = async () => {
  const stated = {
    title: form.elements.exhibit_title.value,
    source: form.elements.stated_source.value,
    handling_code: form.elements.handling_code.value,
    sending_office: form.elements.sending_office.value,
    files: files.map((file, index) => ({name: file.name, size: file.size, sha256: digests[index]})),
  };
  const state = await patiently(() => ask(form.dataset.beginUrl, {
    body: JSON.stringify(stated), headers: {'Content-Type': 'application/json'}}));
  names = state.names;
  begunAt = state.url;
  rows.forEach((row, index) => { at('name', row).textContent = names[index]; });
  const done = [...state.done];
  place.dataset.done = String(done.reduce((sum, each) => sum + each, 0));
  for (let number = 1; number <= files.length; number += 1) {
    await sendFile(state, number, (bytes) => {
      done[number - 1] = bytes;
      const all = done.reduce((sum, each) => sum + each, 0);
      place.dataset.done = String(all);
      show('sending', all);
    });
  }
  return state;
};

const follow = async (first) => {
  const passphrase = form.elements.passphrase?.value ?? '';
  if (passphrase) show('signing', total());
  let state = await patiently(() => ask(first.take_url, {body: new URLSearchParams({passphrase})}));
  buttons([]);
  while (state.state === 'waiting' || state.state === 'running') {
    show(state.state, total(), {how_far: state.how_far});
    await pause(POLL_MS);
    const {url} = state;
    state = await patiently(() => ask(url));
  }
  return state;
};

/* What stands on the page of the upload that has just ended is not so any more. */
const forgetBegun = () => {
  const [, id] = /\/uploads\/([^/]+)\//.exec(begunAt) ?? [];
  document.querySelector(`[data-upload="${id}"]`)?.remove();
  document.getElementById('to-go-on')?.remove();
  const list = document.getElementById('unfinished');
  if (list && !list.querySelector('[data-upload]')) list.remove();
};

const finish = (state) => {
  if (state.state !== 'done') {
    at('now').textContent = '';
    notice('danger', state.sentence ?? said.cancelled, state.next);
    buttons(['more']);
    return;
  }
  const received = new Map(state.received.map((each) => [each.name, each.sha256]));
  let isEqual = true;
  for (const [index, row] of rows.entries()) {
    const found = received.get(names[index]) ?? '';
    at('server', row).textContent = found;
    isEqual &&= found === digests[index];
    row.classList.toggle('equal', found === digests[index]);
  }
  show('taken', total(), {exhibit: state.exhibit});
  document.getElementById('sending-title').textContent = said.title;
  forgetBegun();
  notice(isEqual ? 'intact' : 'danger', said[isEqual ? 'equal' : 'differs']);
  at('exhibit').href = state.exhibit_url;
  buttons(['exhibit', 'more']);
  form.dispatchEvent(new CustomEvent('kancil:done', {bubbles: true}));
  form.reset();
};

const interrupted = (fault) => {
  const done = Number(place.dataset.done ?? 0);
  const sizes = {done: sizeOf(done), total: sizeOf(total())};
  const name = files.length > 1 ? 'interrupted-many' : 'interrupted';
  const isTold = fault instanceof Told;
  const why = isTold ? [fault.sentence, fault.next].filter(Boolean).join(' ')
    : fault.name === 'AbortError' ? '' : fault.name === 'NotReadableError'
      ? fill('changed', {name: ''}) : said['no-answer'];
  show('sending', done);
  // What arrived whole and was refused in words, a wrong passphrase say, is not interrupted.
  const isRefused = isTold && fault.isFinal && done === total();
  const lines = isRefused ? [fault.sentence, fault.next, said['still-here']]
    : [fill(name, sizes), why, said['still-here']];
  notice('warn', lines[0], lines.slice(1).filter(Boolean).join(' '));
  buttons(['go-on', 'more']);
};

const run = async () => {
  stopping = new AbortController();
  place.hidden = false;
  place.setAttribute('aria-busy', 'true');
  at('said').replaceChildren();
  buttons(['stop']);
  form.querySelector('[type=submit]').disabled = true;
  place.focus();
  try {
    await hashAll();
    finish(await follow(await sendAll()));
  } catch (fault) {
    interrupted(fault);
  } finally {
    stopping = null;
    form.querySelector('[type=submit]').disabled = false;
    place.removeAttribute('aria-busy');
  }
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (stopping) return;
  files = [...form.elements.sent_files.files];
  digests = [];
  place.dataset.done = '0';
  at('rows').replaceChildren();
  rows = files.map(makeRow);
  run();
});
at('stop').addEventListener('click', () => stopping?.abort());
at('go-on').addEventListener('click', () => { if (!stopping) run(); });
window.addEventListener('beforeunload', (event) => { if (stopping) event.preventDefault(); });
