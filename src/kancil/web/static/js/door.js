/* The page at the door. It holds a list sealed under a PIN (PBKDF2, AES-GCM: see
   kancil/programme/attendance/sealed.py), marks who came, and sends marks signed with the device's
   key (HMAC-SHA-256). All it keeps is in IndexedDB and encrypted; all words come from the page. */
(() => {
  'use strict';
  const MOST_TRIES = 10, MOST_SENT = 2000, MOST_SHEETS = 40, SHOWN = 150;
  const {device, sealed: sealedUrl, marks: marksUrl, worker: workerUrl} = document.body.dataset;
  const at = (id) => document.getElementById(id);
  const words = (name, given = {}) => {
    const text = document.querySelector(`template[data-say="${name}"]`).content.textContent;
    return text.replace(/\{(\w+)\}/g, (whole, key) => String(given[key] ?? whole));
  };
  const tell = (text, kind = '') => { at('told').textContent = text; at('told').className = `door-told ${kind}`; };
  const show = (...ids) => { for (const id of ['unlock', 'room', 'sheet']) at(id).hidden = !ids.includes(id); };
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const text64 = (data) => btoa(Array.from(new Uint8Array(data), (one) => String.fromCharCode(one)).join(''));
  const utf8 = (text) => new TextEncoder().encode(text);
  const hex = (data) => Array.from(new Uint8Array(data), (one) => one.toString(16).padStart(2, '0')).join('');

  /* What is kept: `sealed` (the list; after its hours only its head), `tries`, `own` (key, marks, sheets). */
  const asked = (request) => new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
  const NAME = `kancil-door-${device}`;
  let store = null;
  const opened = async () => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('held');
    store = await asked(request);
  };
  const held = () => store.transaction('held', 'readwrite', {durability: 'strict'}).objectStore('held');
  const get = (name) => asked(held().get(name));
  const put = (name, value) => asked(held().put(value, name));
  const wipe = async (why) => {
    await asked(held().clear());
    await put('ended', why);
    for (const name of await globalThis.caches?.keys() ?? []) if (name.includes(`/event/${device}/`)) await caches.delete(name);
    const found = await navigator.serviceWorker?.getRegistration(location.pathname);
    if (found?.scope.includes(device)) await found.unregister();
  };

  let key = null, list = null, own = null;
  const normal = (pin) => pin.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const derived = async (pin, head) => {
    const raw = await crypto.subtle.importKey('raw', utf8(normal(pin)), 'PBKDF2', false, ['deriveKey']);
    const how = {name: 'PBKDF2', hash: 'SHA-256', salt: bytes(head.salt), iterations: head.rounds};
    return crypto.subtle.deriveKey(how, raw, {name: 'AES-GCM', length: 256}, false, ['encrypt', 'decrypt']);
  };
  const unsealed = async (secret, iv, data, bound) => {
    const how = {name: 'AES-GCM', iv: bytes(iv), additionalData: utf8(bound)};
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, secret, bytes(data))));
  };
  const boundTo = (head) => `${head.format}-${head.number}\n${head.device}\n${head.expires_at}`;
  const OWN = `kancil-door-own\n${device}`;
  const keepOwn = async () => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const how = {name: 'AES-GCM', iv, additionalData: utf8(OWN)};
    const data = await crypto.subtle.encrypt(how, key, utf8(JSON.stringify(own)));
    await put('own', {iv: text64(iv), data: text64(data)});
  };
  const isOver = (head) => Date.now() >= Date.parse(head.expires_at);
  const waiting = () => ({marks: own.marks.filter((one) => !one.sent), sheets: own.sheets});

  /* After its hours the names go; marks that wait stay under the PIN until they are sent. */
  const endIfOver = async () => {
    const head = await get('sealed');
    if (!head || !isOver(head)) return false;
    list = null;
    if (head.sealed) await put('sealed', {...head, sealed: ''});
    if (!await get('own') || (own && !waiting().marks.length && !own.sheets.length)) {
      await wipe('over');
      key = own = null;
      show();
      tell(words('over'));
    } else if (!own) {
      show('unlock');
      tell(words('over-waiting'));
    } else draw();
    return true;
  };

  const unlock = async (pin) => {
    const head = await get('sealed');
    const tries = (await get('tries') ?? 0) + 1;
    await put('tries', tries);
    const found = await derived(pin, head);
    try {
      const kept = await get('own');
      const opens = head.sealed ? await unsealed(found, head.iv, head.sealed, boundTo(head)) : null;
      own = kept ? await unsealed(found, kept.iv, kept.data, OWN) : {key: opens.key, marks: [], sheets: []};
      list = opens;
      key = found;
    } catch {
      if (tries >= MOST_TRIES) {
        await wipe('wiped');
        show();
        tell(words('wiped'), 'bad');
      } else tell(words('wrong-pin', {left: MOST_TRIES - tries}), 'bad');
      return;
    }
    await put('tries', 0);
    await keepOwn();
    at('pin').value = '';
    tell('');
    begin();
    if (navigator.onLine) send(true);
  };

  const today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((one) => String(one).padStart(2, '0')).join('-');
  };
  const begin = () => {
    at('what').textContent = list?.title ?? '';
    at('day').replaceChildren(...(list?.days ?? []).map((day) => new Option(day, day)));
    if (list?.days.includes(today())) at('day').value = today();
    show('room');
    draw();
  };
  const markOf = (badge, day) => own.marks.find((one) => one.badge === badge && one.day === day && !one.refused);
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const codeOf = (badge) => badge.replaceAll('-', '').slice(-8);
  const fits = (person, find) => {
    const code = find.replace(/[\s-]/g, '');
    const isCode = /^[0-9a-f]{8,32}$/.test(code) && person.badge.replaceAll('-', '').endsWith(code);
    return isCode || plain(`${person.name} ${person.of}`).includes(find);
  };

  const draw = () => {
    if (!own) return;
    const day = at('day').value, people = list?.people ?? [], find = plain(at('find').value.trim());
    const found = find ? people.filter((one) => fits(one, find)) : people;
    const rows = found.slice(0, SHOWN).map((person) => {
      const mark = markOf(person.badge, day);
      const row = document.createElement('li'), button = document.createElement('button');
      const who = document.createElement('span'), from = document.createElement('span'), state = document.createElement('span');
      button.type = 'button';
      button.dataset.badge = person.badge;
      button.setAttribute('aria-pressed', String(Boolean(mark)));
      who.textContent = person.name;
      who.dir = 'auto';
      from.textContent = person.of;
      from.className = 'of';
      state.textContent = words(mark ? 'here' : 'absent');
      state.className = 'state';
      who.append(from);
      button.append(who, state);
      row.append(button);
      return row;
    });
    if (found.length > SHOWN) {
      const more = document.createElement('li');
      more.textContent = words('more', {count: found.length - SHOWN});
      rows.push(more);
    }
    const focused = document.activeElement?.dataset?.badge;
    at('people').replaceChildren(...rows);
    if (focused) at('people').querySelector(`[data-badge="${CSS.escape(focused)}"]`)?.focus();
    at('count').textContent = words('count', {here: people.filter((one) => markOf(one.badge, day)).length, all: people.length});
    const left = waiting();
    at('waiting').textContent = words('waiting', {marks: left.marks.length, sheets: left.sheets.length});
    at('refused').replaceChildren(...own.marks.filter((one) => one.refused).map((one) => {
      const row = document.createElement('li');
      const name = list?.people.find((each) => each.badge === one.badge)?.name ?? codeOf(one.badge);
      row.textContent = `${name}, ${one.day}: ${one.refused}`;
      return row;
    }));
  };

  const mark = async (badge, how) => {
    if (await endIfOver()) return;
    const person = list.people.find((one) => one.badge === badge), day = at('day').value;
    if (!person) return tell(words('unknown'), 'bad');
    const before = markOf(badge, day);
    if (before && how === 'badge') return tell(`${person.name}: ${words('already')}`, 'good');
    if (before?.sent) return tell(words('already'));
    if (before) own.marks = own.marks.filter((one) => one !== before);
    else own.marks.push({id: crypto.randomUUID(), badge, day, at: new Date().toISOString(), how});
    await keepOwn();
    tell(words(before ? 'undone' : 'marked', {name: person.name}), before ? '' : 'good');
    draw();
  };

  /* What leaves is one text, signed as it stands; the answer names what was refused, and why. */
  const envelope = async (part) => {
    const marks = part.marks.map(({id, badge, day, at: moment, how}) => ({id, badge, day, at: moment, how}));
    const payload = JSON.stringify({device, marks, sheets: part.sheets});
    const secret = Uint8Array.from(own.key.match(/../g), (one) => parseInt(one, 16));
    const signer = await crypto.subtle.importKey('raw', secret, {name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
    const hmac = hex(await crypto.subtle.sign('HMAC', signer, utf8(payload)));
    return JSON.stringify({format: 'kancil-marks', number: 1, device, payload, hmac});
  };
  const parts = () => {
    const {marks, sheets} = waiting(), found = [];
    for (let from = 0; from < marks.length; from += MOST_SENT) found.push({marks: marks.slice(from, from + MOST_SENT), sheets: []});
    for (let from = 0; from < sheets.length; from += MOST_SHEETS) found.push({marks: [], sheets: sheets.slice(from, from + MOST_SHEETS)});
    return found.length ? found : [{marks, sheets}];
  };
  let isSending = false;
  const send = async (isQuiet = false) => {
    if (isSending || !own) return;
    isSending = true;
    const sum = {taken: 0, again: 0, refused: 0};
    try {
      for (const now of parts()) {
        const answer = await fetch(marksUrl, {method: 'POST', credentials: 'omit', headers: {'Content-Type': 'application/json'}, body: await envelope(now)});
        const found = await answer.json();
        if (!answer.ok) return tell(found.text, 'bad');
        const why = new Map(found.refused.map((one) => [one.id, one.text]));
        for (const one of now.marks) {
          one.sent = true;
          if (why.has(one.id)) one.refused = why.get(one.id);
        }
        own.sheets = own.sheets.filter((one) => !now.sheets.includes(one));
        await keepOwn();
        sum.taken += found.taken; sum.again += found.again; sum.refused += found.refused.length;
      }
      if (!isQuiet || sum.taken) tell(words('sent', sum), sum.refused ? 'bad' : 'good');
    } catch {
      if (!isQuiet) tell(words('not-sent'), 'bad');
    } finally {
      isSending = false;
      if (!await endIfOver()) draw();
    }
  };
  const save = async () => {
    for (const [place, now] of parts().entries()) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([await envelope(now)], {type: 'application/json'}));
      link.download = `kancil-marks-${device.slice(-6)}-${place + 1}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    }
  };

  /* Badges: by the browser's own reader of QR codes, where it has one. */
  let camera = null;
  const stopCamera = () => {
    for (const one of camera?.getTracks() ?? []) one.stop();
    camera = null;
    at('camera').hidden = true;
  };
  const scan = async () => {
    if (camera) return stopCamera();
    const reader = new BarcodeDetector({formats: ['qr_code']}), video = at('camera');
    try {
      camera = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}});
    } catch {
      return tell(words('no-camera'), 'bad');
    }
    video.srcObject = camera;
    video.hidden = false;
    await video.play();
    let last = '';
    while (camera) {
      const [found] = await reader.detect(video).catch(() => []);
      if (found && found.rawValue !== last) await mark(last = found.rawValue, 'badge');
      await new Promise((go) => { setTimeout(go, 250); });
    }
  };

  /* Evaluation: the telephone is handed over, so that the list is closed and wants its PIN again. */
  const ask = () => {
    const sets = list.questions.map((question) => {
      const set = document.createElement('fieldset'), legend = document.createElement('legend');
      legend.textContent = question.text;
      set.className = question.kind;
      set.append(legend);
      if (question.kind === 'words') {
        const box = document.createElement('textarea');
        box.name = question.id; box.rows = 3; box.maxLength = 2000;
        box.setAttribute('aria-label', question.text);
        set.append(box);
      }
      for (const [value, text] of question.options) {
        const label = document.createElement('label'), box = document.createElement('input');
        box.type = 'radio'; box.name = question.id; box.value = value;
        label.append(box, text);
        set.append(label);
      }
      return set;
    });
    at('questions').replaceChildren(...sets);
    at('people').replaceChildren();
    stopCamera();
    tell('');
    show('sheet');
  };
  const keepSheet = async () => {
    if (!list) return lock();
    const answers = {};
    for (const {id, kind} of list.questions) {
      const value = String(new FormData(at('sheet')).get(id) ?? '').trim();
      if (value) answers[id] = kind === 'scale' ? Number(value) : value;
    }
    if (!Object.keys(answers).length) return;
    own.sheets.splice(Math.floor(Math.random() * (own.sheets.length + 1)), 0, {id: crypto.randomUUID(), answers});
    await keepOwn();
    at('sheet').reset();
    tell(words('thanks'), 'good');
  };
  const lock = () => {
    key = list = own = null;
    stopCamera();
    at('people').replaceChildren();
    at('refused').replaceChildren();
    at('what').textContent = '';
    show('unlock');
    at('pin').focus();
  };

  const start = async () => {
    const net = () => { at('net').textContent = navigator.onLine ? at('net').dataset.on : at('net').dataset.off; };
    addEventListener('online', () => { net(); send(true); });
    addEventListener('offline', net);
    net();
    if (!globalThis.crypto?.subtle) return tell(words('insecure'), 'bad');
    await opened();
    const ended = await get('ended');
    if (ended) return tell(words(ended), 'bad');
    if (!await get('sealed')) {
      const answer = await fetch(sealedUrl, {cache: 'no-store', credentials: 'omit'}).catch(() => null);
      if (!answer?.ok) return tell(words('none'), 'bad');
      await put('sealed', await answer.json());
    }
    try {
      await navigator.serviceWorker.register(workerUrl);
      await navigator.serviceWorker.ready;
      at('net').dataset.kept = 'yes';
      tell(words('kept'));
    } catch {
      tell(words('not-kept'));
    }
    const head = await get('sealed');
    at('until').textContent = words('until', {time: new Date(head.expires_at).toLocaleString(document.documentElement.lang)});
    if (!await endIfOver()) show('unlock');
    setInterval(endIfOver, 30000);
  };
  at('unlock').addEventListener('submit', (event) => { event.preventDefault(); unlock(at('pin').value); });
  at('sheet').addEventListener('submit', (event) => { event.preventDefault(); keepSheet(); });
  at('people').addEventListener('click', (event) => {
    const badge = event.target.closest('button')?.dataset.badge;
    if (badge) mark(badge, 'name');
  });
  at('find').addEventListener('input', draw);
  at('day').addEventListener('change', draw);
  at('send').addEventListener('click', () => send());
  at('save').addEventListener('click', save);
  at('ask').addEventListener('click', ask);
  for (const id of ['back', 'lock']) at(id).addEventListener('click', lock);
  at('scan').hidden = !('BarcodeDetector' in globalThis);
  at('scan').addEventListener('click', scan);
  start();
})();
