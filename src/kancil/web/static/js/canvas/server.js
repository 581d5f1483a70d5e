// What the page asks the server for. It answers with its own sentences; a network that fails has one.

/** That the server refused: its sentence, and what to do next. */
export class Refusal extends Error {}

export class Server {
  constructor(urls, token, words) {
    this.urls = urls;
    this.token = token;
    this.words = words;
  }

  /** Have a view drawn after an act: {view, graph, said}. */
  draw(view, act = { do: 'none' }) {
    return this.post(this.urls.draw, { view, act });
  }

  trace(view, subject, direction) {
    return this.post(this.urls.trace, { view, subject, direction });
  }

  /** The question of a recorded trace over the blocks and labels of today, in its place. */
  again(view, trace) {
    return this.post(this.urls.trace, { view, again: trace });
  }

  save(view, name, note, base) {
    return this.post(this.urls.save, { view, name, note, base });
  }

  /** Keep a note about a subject, as the form of notes does. */
  async note(subject, text) {
    const fields = new URLSearchParams({ ...subject, text, next: window.location.pathname, csrfmiddlewaretoken: this.token });
    const answer = await this.ask(this.urls.note, { method: 'POST', body: fields });
    // What was kept leads on to another page; what was not is the form again, or a fault.
    if (!answer.redirected) throw this.refusal(textOf(await answer.text()));
    return answer;
  }

  /** Record what is ticked in a form of the panel, as its own page does. */
  async send(form) {
    const fields = new URLSearchParams([...new FormData(form), ['csrfmiddlewaretoken', this.token]]);
    const answer = await this.ask(form.action, { method: 'POST', body: fields });
    const text = await answer.text();
    if (!answer.ok) throw this.refusal(textOf(text));
    return answer;
  }

  /** The side panel of a subject: a part of a page, made by the server. */
  async panel(subject, view) {
    const url = new URL(this.urls.panel, window.location.href);
    for (const name of ['kind', 'chain', 'value']) url.searchParams.set(name, subject[name] ?? '');
    for (const source of view.sources) {
      if (source.kind === 'trace') url.searchParams.append('trace', source.trace);
    }
    return this.part(url);
  }

  /** A part of a page. */
  async part(url) {
    const answer = await this.ask(url, { headers: { Accept: 'text/html', 'HX-Request': 'true' } });
    const text = await answer.text();
    if (!answer.ok) throw this.refusal(textOf(text));
    return text;
  }

  async post(url, value) {
    const answer = await this.ask(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': this.token },
      body: JSON.stringify(value),
    });
    const kind = answer.headers.get('Content-Type') ?? '';
    const told = kind.startsWith('application/json') ? await answer.json() : null;
    if (!answer.ok || !told) throw this.refusal(told);
    return told;
  }

  async ask(url, options) {
    try {
      const answer = await fetch(url, { credentials: 'same-origin', ...options });
      if (answer.status === 401 || /\/sign-in\//.test(answer.url)) window.location.reload();
      return answer;
    } catch (error) {
      if (error instanceof TypeError) throw this.refusal(null); // the network's own failure
      throw error;
    }
  }

  refusal(told) {
    return new Refusal(told?.sentence ? `${told.sentence} ${told.next ?? ''}`.trim() : this.words.no_answer);
  }
}

/** The sentences of a page that tells a fault. */
function textOf(text) {
  const fault = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-fault]');
  if (!fault) return null;
  const part = (name) => fault.querySelector(`[data-${name}]`)?.textContent;
  return { sentence: part('sentence'), next: part('next') };
}
