// The canvas as a workplace: what a person does, to which view it leads, and what shows it.

import { fillBars, patternSteps } from './bars.js';
import { fillSwatches } from './dialogs.js';
import { Filter } from './filter.js';
import { Find } from './find.js';
import { fillList, fillTold, markList } from './list.js';
import { button, fill, make, sayTime } from './make.js';
import { Panel } from './panel.js';
import { takeGraph } from './place.js';
import { Refusal, Server } from './server.js';
import { Stage } from './stage.js';
import { Unsaved } from './unsaved.js';
import * as views from './view.js';
import { ACTS } from './acts.js';

const EMPTY = { nodes: [], edges: [], axis: [], notes: [], findings: [], heard: [], patterns_said: [], title: '' };

const READS_AT = 0.3;
const DRAFT = '…';
const KEYS = { h: 'branch', g: 'group', f: 'find', l: 'list', p: 'path' };

export class Workplace {
  constructor(root, given) {
    this.root = root;
    this.words = given.words;
    this.about = given.caption ?? {};
    this.base = given.saved || null;
    this.views = given.views ?? [];
    this.server = new Server(given.urls, root.dataset.csrf, given.words);
    this.canRecord = 'acts' in root.dataset && Boolean(given.urls.finding);
    this.path = null;
    this.patternAt = 0;
    this.isBusy = false;
    this.unsaved = new Unsaved(document.body.dataset.person);
    this.list = root.querySelector('[data-list]');
    this.twin = root.querySelector('[data-twin]');
    this.stageHost = root.querySelector('[data-stage]');
    this.act = Object.assign((name, value, more) => this.do(name, value, more), { tokens: () => this.stage.tokens });
    this.untitled = root.querySelector('[data-title]').dataset.title;
    this.history = new views.History(given.view, takeGraph(given.graph ?? EMPTY));
    this.build();
    this.show();
    this.stage.fit();
    this.begin();
    this.offerUnsaved();
  }

  get now() {
    return this.history.now;
  }

  get picture() {
    return { ...this.stage.picture(), path: this.path };
  }

  $(selector) {
    return this.root.querySelector(selector);
  }

  build() {
    const told = {
      selected: (ids) => this.selected(ids),
      toggle: (id) => this.do('toggle', id),
      edge: (id) => this.pickEdge(id),
      moved: (places) => this.keep(views.move(this.now.view, places), fill(this.words.moved, { count: Object.keys(places).length })),
      say: (text) => this.say(text),
      escape: () => this.escape(),
      key: (key) => this.key(key),
      resized: () => this.measure(),
    };
    this.stage = new Stage(this.stageHost, this.words, told);
    fillSwatches(this.root, this.words, this.stage.tokens);
    this.panel = new Panel(this.$('[data-panel]'), this.server, this.words, this.act, { canRecord: this.canRecord });
    this.filter = new Filter(this.$('[data-filter]'), this.words, {
      preview: (view) => this.stage.show(this.now.graph, view),
      keep: (view) => this.keep(views.filter(this.now.view, view.filter)),
    });
    this.find = new Find(this.$('[data-find]'), this.words, {
      graph: () => this.now.graph,
      go: (id) => this.goTo(id),
      closed: () => this.stageHost.focus(),
    });
    this.root.addEventListener('click', (event) => this.clicked(event));
    document.addEventListener('keydown', (event) => this.shortcut(event));
    this.listViews(this.views);
  }

  /** First where one stands: the starts at a size that can be read, if the whole cannot. */
  begin() {
    const { graph } = this.now;
    const start = graph.order.find((id) => graph.nodes.get(id).kind === 'start') ?? graph.order[0];
    this.stage.current = start ?? '';
    if (start && this.stage.cy.zoom() < this.readsAt) this.stage.stand(start);
  }

  // --- showing -------------------------------------------------------------------------------------

  show() {
    const { view, graph } = this.now;
    this.stage.show(graph, view);
    this.filter.show(graph, view);
    this.around();
    this.refreshList();
    this.selected([...this.stage.selected]);
    this.root.dataset.boxes = this.stage.shown.nodes.size;
  }

  /** What stands around the picture: title, level, bars, limits, what can be undone. */
  around() {
    const { view, graph } = this.now;
    this.$('[data-title]').textContent = graph.answer?.[0] ?? (graph.title || this.untitled);
    this.$('[data-answer]').textContent = graph.answer?.slice(1).join(' ') ?? '';
    this.stageHost.setAttribute('aria-label', graph.title || this.untitled);
    for (const one of this.root.querySelectorAll('[data-level]')) one.setAttribute('aria-pressed', String(one.dataset.level === view.level));
    for (const name of ['patterns', 'clusters']) this.press(name, view[name]);
    this.press('path', Boolean(this.path));
    this.root.toggleAttribute('data-picks-path', Boolean(this.path));
    this.$('[data-do=undo]').disabled = !this.history.hasBefore;
    this.$('[data-do=redo]').disabled = !this.history.hasAfter;
    this.$('[data-empty]').hidden = graph.order.length > 0;
    this.steps = patternSteps(graph);
    this.patternAt = Math.min(this.patternAt, Math.max(0, this.steps.length - 1));
    fillBars(this.$('[data-bars]'), this.picture, this.words, this.act, {
      pattern: { at: this.patternAt, steps: this.steps }, clusters: this.server.urls.clusters ?? '',
    });
    this.limits(graph);
    this.offerPolicies();
    this.measure();
  }

  /** The whole answer, where the screen shows its beginning alone; and back. */
  showAnswer() {
    const isWhole = this.$('.cv-answer').classList.toggle('whole');
    this.$('[data-do=answer]').setAttribute('aria-expanded', String(isWhole));
  }

  limits(graph) {
    const texts = graph.notes ?? [];
    this.$('[data-limits] [data-count]').textContent = String(texts.length);
    this.$('[data-limits] ul').replaceChildren(...texts.map((text) => make('li', '', text)));
    this.$('[data-scope]').textContent = graph.scope ?? '';
    this.$('[data-policy]').textContent = graph.policy ?? '';
    this.tellChanges(graph.changed ?? {});
  }

  /** Labels and blocks that came since: told on the spot, with the press that asks again. */
  tellChanges({ labels = 0, blocks = false, traces = [] }) {
    const said = [labels ? fill(this.words.changed_labels, { count: labels }) : '', blocks ? this.words.changed_blocks : '']
      .filter(Boolean).join(' · ');
    const host = this.$('[data-changed]');
    host.hidden = !said;
    host.replaceChildren(make('span', '', said));
    for (const trace of this.canRecord ? traces : []) {
      host.append(' · ', button('btn bare', `${this.words.run_again} (T${trace})`, () => this.do('again', trace)));
    }
  }

  /** The saved views of the case, as links: the one that is open is said to be. */
  listViews(list) {
    this.views = list;
    this.tellSaved();
    const host = this.$('[data-views]');
    host.hidden = !list.length;
    host.replaceChildren(host.firstElementChild, ...list.slice(0, 30).map((one) => {
      const link = make('a', '', `${one.label} ${one.name}`);
      link.href = one.url;
      if (one.number === this.base) link.setAttribute('aria-current', 'true');
      link.append(make('small', '', `${one.by} · ${sayTime(one.at).slice(0, 16)}`));
      return link;
    }));
  }

  /** Which saved view this began with: its name, who saved it and when, and their note. */
  tellSaved() {
    const host = this.$('[data-saved-view]');
    const one = this.views.find((view) => view.number === this.base);
    host.hidden = !one;
    if (!one) return;
    const about = make('p', '', `${one.by} · ${sayTime(one.at).slice(0, 16)} UTC`);
    host.replaceChildren(make('b', '', `${one.label} ${one.name}`), about, ...(one.note ? [make('p', '', one.note)] : []));
  }

  /** The policies that may be compared with the one chosen. */
  offerPolicies() {
    const host = this.$('[data-compare]');
    const { policies = [] } = this.now.graph;
    host.hidden = !policies.length;
    host.replaceChildren(host.firstElementChild, ...policies.map(([name, label]) => {
      const one = button('row', label, () => this.do('compare', name === this.now.view.compare ? '' : name));
      one.setAttribute('aria-pressed', String(name === this.now.view.compare));
      return one;
    }));
  }

  press(name, isOn) {
    for (const one of this.root.querySelectorAll(`[data-do=${name}]`)) one.setAttribute('aria-pressed', String(isOn));
  }

  /** How much of the stage is covered by what floats over it. */
  measure() {
    const high = (selector) => {
      const part = this.$(selector);
      return part && getComputedStyle(part).position === 'absolute' ? part.offsetHeight : 0;
    };
    const [tools, bars, under] = ['.cv-tools', '.cv-float', '.cv-under'].map(high);
    this.stage.covered = { top: (tools ? tools + 16 : 0) + (bars ? bars + 10 : 0), bottom: under ? under + 16 : 0 };
  }

  refreshList() {
    fillTold(this.root.querySelectorAll('[data-told]'), this.now, this.words, this.act);
    if (this.twin.hidden) return;
    fillList(this.list, this.stage.picture(), this.words, this.act);
    markList(this.list, this.stage.selected);
  }

  selected(ids) {
    markList(this.list, this.stage.selected);
    if (this.path && ids.length === 1) this.pickNode(ids[0]);
    else this.panel.show(ids, this.picture);
  }

  say(text) {
    this.$('[data-status]').textContent = text;
  }

  /** Say a thing over the picture too, until it is taken away. */
  notice(text, kind = '') {
    const part = make('p', `cv-bar ${kind}`.trim(), text);
    part.append(button('', this.words.clear, () => part.remove()));
    this.$('[data-bars]').append(part);
    this.measure();
  }

  fault(text) {
    const part = this.$('[data-fault-said]');
    part.hidden = !text;
    part.replaceChildren(make('span', '', text), button('btn bare', this.words.clear, () => this.fault('')));
    this.measure();
  }

  // --- changing ------------------------------------------------------------------------------------

  /** Keep a view that only the officer's own hand changed. */
  keep(view, said = '') {
    this.history.put(view);
    this.remember();
    this.show();
    if (said) this.say(said);
  }

  /** Every change is kept in this window; back at the beginning there is nothing to keep. */
  remember() {
    if (this.history.hasBefore) this.unsaved.keep(this.now.view);
    else this.unsaved.forget();
  }

  /** Offer the picture that was left unsaved; the first change of this one takes its place. */
  offerUnsaved() {
    const left = this.unsaved.read();
    if (!left || JSON.stringify(left.view) === JSON.stringify(this.now.view)) return;
    const at = new Date(left.at).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const part = make('p', 'cv-bar');
    part.append(
      make('span', '', fill(this.words.unsaved, { at })),
      button('', this.words.unsaved_go_on, () => this.ask(() => this.server.draw(left.view, { do: 'none' }))),
      button('', this.words.unsaved_drop, () => { this.unsaved.forget(); part.remove(); }),
    );
    this.$('[data-bars]').append(part);
    this.measure();
  }

  /** Ask the server, put what it answers into the living picture, and keep it. */
  async ask(work, anchor = '') {
    const began = performance.now();
    const told = await this.attempt(work);
    if (!told) return null;
    const isOther = told.view.level !== this.now.view.level;
    this.history.put(told.view, takeGraph(told.graph));
    this.remember();
    this.stage.keepStill(anchor, () => this.show());
    if (isOther) this.stage.fit();
    this.stage.cy.one('render', () => {
      this.root.dataset.drawnMs = (performance.now() - began).toFixed(1);
    });
    this.stage.paintSoon();
    if (told.said) this.say(told.said);
    return told;
  }

  /** Ask the server one thing at a time; what it refuses is told in its words, and gives null. */
  async attempt(work) {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.root.setAttribute('aria-busy', 'true');
    this.fault('');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.fault(error.message);
      return null;
    } finally {
      this.isBusy = false;
      this.root.removeAttribute('aria-busy');
    }
  }

  draw(act, change = {}, anchor = '') {
    return this.ask(() => this.server.draw({ ...this.now.view, ...change }, act), anchor);
  }

  step(way) {
    const before = this.now;
    const after = this.history[way]();
    if (after === before) return;
    this.remember();
    this.show();
    this.say(way === 'undo' ? this.words.undone : this.words.redone);
  }

  // --- acts ----------------------------------------------------------------------------------------

  do(name, value, more) {
    const act = ACTS[name];
    if (act) return act(this, value, more);
    return null;
  }

  /** The boxes that an act is about: the one it names, else those selected, else where one stands. */
  named(id) {
    const ids = id ? [id] : [...this.stage.selected];
    return ids.length ? ids : [this.stage.current].filter(Boolean);
  }

  /** Smaller than this a picture is not read as a whole. */
  get readsAt() {
    return this.stage.placed.isTurned ? 0.5 : READS_AT;
  }

  toSwatches() {
    this.$('.cv-panel .cv-swatch')?.focus();
  }

  goTo(id) {
    if (!this.stage.shown.nodes.has(id)) {
      this.say(this.words.no_longer_there);
      return;
    }
    this.stage.select(id, false);
    this.stage.go(id);
  }

  /** Show a few boxes together, as of a path or a pattern. */
  showTogether(ids) {
    this.stage.selectAll(ids);
    this.stage.fit([...this.stage.selected], 1);
    this.stage.current = ids[0] ?? this.stage.current;
  }

  // --- what is pointed at ----------------------------------------------------------------------------

  clicked(event) {
    const level = event.target.closest('[data-level]');
    if (level) {
      this.do('level', level.dataset.level);
      return;
    }
    const one = event.target.closest('[data-do]');
    if (!one) return;
    one.closest('details.menu')?.removeAttribute('open');
    this.do(one.dataset.do, one.dataset.value);
  }

  /** Keys of the whole page: undo and redo. */
  shortcut(event) {
    const isTyping = event.target.closest('input:not([type=range]), textarea, select, dialog') !== null;
    if (!(event.ctrlKey || event.metaKey) || isTyping) return;
    const key = event.key.toLowerCase();
    if (key === 'z') this.step(event.shiftKey ? 'redo' : 'undo');
    else if (key === 'y') this.step('redo');
    else return;
    event.preventDefault();
  }

  /** Keys on the picture; gives whether it was one. */
  key(key) {
    const act = KEYS[key.toLowerCase()];
    if (act) this.do(act);
    return Boolean(act);
  }

  escape() {
    if (this.path) this.do('path');
    else {
      this.stage.clear();
      this.say(this.words.cleared);
    }
  }

  // --- a path, output after output -------------------------------------------------------------------

  pickNode(id) {
    const node = this.now.graph.nodes.get(id);
    if (node?.outpoint) this.pick(node.outpoint);
    else if (node?.subject?.kind === 'output') this.pick(node.subject.value);
    else this.say(this.words.draft_path);
  }

  pickEdge(id) {
    const edge = this.now.graph.edges.get(id);
    if (this.path && edge?.outpoints?.length) this.pick(edge.outpoints[0]);
    else if (!this.path && edge) this.stage.selectAll([edge.source, edge.target]);
  }

  /** Put an output to the path, if the server finds that the transaction before it made it. */
  async pick(outpoint) {
    if (this.path.at(-1) === outpoint) return;
    const path = [...this.path, outpoint];
    const isFirst = path.length === 1;
    const act = { do: 'path', name: DRAFT, colour: views.COLOURS[0], outpoints: path };
    if (!isFirst && !(await this.attempt(() => this.server.draw(this.now.view, act)))) return;
    if (!this.path) return;
    this.path = path;
    this.around();
    this.stage.path = this.path;
    this.stage.paintSoon();
  }
}
