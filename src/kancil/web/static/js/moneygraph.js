// The money graph in the browser: draws what the server laid out, and asks it for what opens.
//
// <section data-money-graph data-graph="ID" data-words="ID" data-expand-url="…" data-csrf="…">
// The two ids name <script type="application/json"> elements: MoneyGraph.as_dict() and
// widget_words(). Places, sums and words are the server's; nothing is computed or moved here.
//
// Events on the section, bubbling: `moneygraph:selected` {nodes, edges}, `moneygraph:changed`
// {query, graph}, `moneygraph:drawn` {ms}. Inputs with data-mg-query or data-mg-selected inside the
// nearest [data-mg-scope] (else the page) hold the query as JSON and the selected ids.

import { AXIS, forgetWidths, knobOf, paint, readTokens, toneColour } from './moneygraph-paint.js';
import { fillList, fillTold, sayNode } from './moneygraph-list.js';

const BEND = 90;
const LETTER = 6.5;
const FOLDS = new Set(['ends', 'chain', 'stage', 'below', 'cluster']);
const NARROW = '(max-width: 640px)';
const SMALLEST = 0.12;
const LARGEST = 2.5;
const READS_AT = 0.82;
const SIDE = 24;
const HEIGHTS = { least: 260, most: 0.64 };
const LARGEST_PNG = 8000;

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function centre(node) {
  return { x: node.x + node.w / 2, y: node.y + node.h / 2 };
}

/** Move a picture so far that no empty margin is wider than it must be. */
function within(pan, room, size) {
  if (size + 2 * SIDE <= room) return (room - size) / 2;
  return Math.max(room - size - SIDE, Math.min(SIDE, pan));
}

function nodeElement(node) {
  return {
    group: 'nodes',
    data: { id: node.id, w: node.w, h: node.h },
    position: centre(node),
    classes: `${node.kind} ${node.tone} ${node.state === node.tone ? '' : node.state}${node.findings.length ? ' found' : ''}`,
  };
}

function edgeElement(edge) {
  const classes = [edge.tone];
  if (edge.stated_by) classes.push('stated');
  else if (!edge.amount.determined) classes.push('doubt');
  if (edge.after_service) classes.push('after');
  if (edge.goes_back) classes.push('back');
  if (edge.findings.length) classes.push('found');
  return { group: 'edges', data: edgeData(edge, true), classes: classes.join(' ') };
}

function edgeData(edge, withEnds) {
  const bends = bendsOf(edge);
  const data = { id: edge.id, width: edge.width, weights: bends.weights, distances: bends.distances };
  data.bent = bends.weights.length ? 1 : 0;
  return withEnds ? { ...data, source: edge.source, target: edge.target } : data;
}

/** Give a ribbon's way as Cytoscape wants it: control points by weight along, and distance from,
 * the line between its ends. Level as far as its words go, then one turn before each layer. */
function bendsOf({ points, words }) {
  const level = words.length ? 18 + LETTER * Math.max(...words.map((word) => word.length)) : 12;
  const controls = [];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [[x0, y0], [x1, y1]] = [points[at], points[at + 1]];
    const begin = Math.min(x0 + (at ? 12 : level), x1 - BEND);
    const span = x1 - begin;
    controls.push([begin, y0], [begin + 0.38 * span, y0], [x1 - 0.38 * span, y1]);
    if (at + 2 < points.length) controls.push([x1, y1]);
  }
  const [[sx, sy], [tx, ty]] = [points[0], points[points.length - 1]];
  const [dx, dy] = [tx - sx, ty - sy];
  const square = dx * dx + dy * dy;
  const long = Math.sqrt(square);
  if (!long || controls.every(([, y]) => y === sy)) return { weights: [], distances: [] };
  return {
    weights: controls.map(([x, y]) => ((x - sx) * dx + (y - sy) * dy) / square),
    distances: controls.map(([x, y]) => ((x - sx) * -dy + (y - sy) * dx) / long),
  };
}

export class MoneyGraph {
  constructor(section) {
    this.section = section;
    this.words = JSON.parse(document.getElementById(section.dataset.words).textContent);
    this.take(JSON.parse(document.getElementById(section.dataset.graph).textContent));
    this.current = this.graph.order[0] ?? '';
    this.selected = new Set();
    this.isBusy = false;
    this.build();
    this.show();
    this.tellQuery();
  }

  /** Keep a whole picture. */
  take(told) {
    const { nodes, edges, ...frame } = told;
    this.graph = {
      ...frame,
      nodes: new Map(nodes.map((node) => [node.id, node])),
      edges: new Map(edges.map((edge) => [edge.id, edge])),
      order: nodes.map((node) => node.id),
    };
  }

  // --- what stands on the page -------------------------------------------------------------------

  build() {
    const { words } = this;
    this.section.classList.add('mg');
    this.stage = make('div', 'mg-stage');
    this.stage.tabIndex = 0;
    this.stage.setAttribute('role', 'application');
    this.stage.setAttribute('aria-roledescription', words.role);
    this.stage.setAttribute('aria-label', this.graph.title);
    this.canvasHost = make('div', 'mg-canvas');
    this.overlay = make('canvas', 'mg-overlay');
    this.overlay.setAttribute('aria-hidden', 'true');
    this.canvasHost.setAttribute('aria-hidden', 'true');
    this.stage.append(this.canvasHost, this.overlay);
    this.help = make('p', 'note mg-help', words.help);
    this.help.id = `${this.section.dataset.graph}-help`;
    this.stage.setAttribute('aria-describedby', this.help.id);
    this.status = make('p', 'away');
    this.status.setAttribute('role', 'status');
    this.fault = make('p', 'mg-fault');
    this.fault.setAttribute('role', 'alert');
    this.fault.hidden = true;
    this.details = make('details', 'mg-twin');
    this.list = make('ol', 'mg-list');
    this.details.append(make('summary', '', words.list), this.list);
    this.details.addEventListener('toggle', () => this.refreshList());
    this.section.append(this.tools(), this.fault, this.stage, this.help, this.details, this.status);
    this.stage.addEventListener('keydown', (event) => this.press(event));
    this.stage.addEventListener('focus', () => this.paintSoon());
    this.stage.addEventListener('blur', () => this.paintSoon());
    this.stage.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.watch();
  }

  tools() {
    const bar = make('div', 'mg-tools');
    bar.setAttribute('role', 'toolbar');
    bar.setAttribute('aria-label', this.words.tools);
    const button = (word, sign, act) => {
      const one = make('button', 'btn mg-tool');
      one.type = 'button';
      one.title = word;
      if (sign) {
        one.setAttribute('aria-label', word);
        one.append(make('span', `mg-sign ${sign}`));
      } else {
        one.textContent = word;
      }
      one.addEventListener('click', act);
      bar.append(one);
      return one;
    };
    button(this.words.zoom_in, 'plus', () => this.zoomBy(1.25));
    button(this.words.zoom_out, 'minus', () => this.zoomBy(0.8));
    button(this.words.whole, '', () => this.fitAll());
    button(this.words.begin, '', () => this.begin());
    button(this.words.png, '', () => this.savePng());
    return bar;
  }

  watch() {
    const redraw = () => {
      this.tokens = readTokens(this.section);
      if (this.cy) this.cy.style().fromJson(this.style()).update();
      this.paintSoon();
    };
    this.tokens = readTokens(this.section);
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ['data-theme', 'lang'] });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    document.fonts?.ready.then(() => {
      forgetWidths();
      this.paintSoon();
    });
    new ResizeObserver(() => this.resize()).observe(this.stage);
    const narrow = matchMedia(NARROW);
    const order = () => {
      this.section.classList.toggle('mg-narrow', narrow.matches);
      this.details.open = narrow.matches || this.details.open;
    };
    narrow.addEventListener('change', order);
    order();
  }

  // --- drawing -----------------------------------------------------------------------------------

  show() {
    const elements = [
      ...this.graph.order.map((id) => nodeElement(this.graph.nodes.get(id))),
      ...[...this.graph.edges.values()].map(edgeElement),
    ];
    this.cy = window.cytoscape({
      container: this.canvasHost,
      elements,
      style: this.style(),
      layout: { name: 'preset', fit: false },
      autoungrabify: true,
      autounselectify: true,
      boxSelectionEnabled: false,
      userZoomingEnabled: matchMedia('(pointer: coarse)').matches,
      minZoom: SMALLEST,
      maxZoom: LARGEST,
    });
    this.cy.on('render', () => this.paintNow());
    this.cy.on('tap', 'node', (event) => this.tap(event));
    this.cy.on('dbltap', 'node', (event) => this.toggle(event.target.id()));
    this.cy.on('tap', (event) => {
      if (event.target === this.cy) this.clear();
    });
    this.cy.on('mouseover', 'node', () => this.stage.classList.add('mg-over'));
    this.cy.on('mouseout', 'node', () => this.stage.classList.remove('mg-over'));
    this.begin();
    this.refreshList();
  }

  style() {
    const t = this.tokens;
    const tone = (name) => toneColour(t, name);
    return [
      {
        selector: 'node',
        style: {
          shape: 'round-rectangle', 'corner-radius': 8, width: 'data(w)', height: 'data(h)',
          'background-color': t.paper, 'border-color': t.linestrong, 'border-width': 1.5,
          'overlay-opacity': 0,
        },
      },
      { selector: 'node.ends, node.chain, node.stage, node.below, node.cluster', style: { ghost: 'yes', 'ghost-offset-x': 5, 'ghost-offset-y': 5, 'ghost-opacity': 1 } },
      { selector: 'node.tx', style: { 'border-color': t.edge } },
      { selector: 'node.start', style: { 'border-color': t.brand, 'border-width': 3 } },
      { selector: 'node.sanctioned', style: { 'border-color': tone('sanctioned'), 'border-width': 2.5, 'background-color': t.dangersoft } },
      { selector: 'node.mix', style: { 'border-color': tone('mix'), 'border-width': 2, 'background-color': t.mixsoft } },
      { selector: 'node.service', style: { 'border-color': tone('service'), 'border-width': 2, 'background-color': t.servicesoft } },
      { selector: 'node.tx.coinjoin', style: { 'border-color': tone('coinjoin'), 'border-style': 'dashed', 'border-width': 2.5, 'background-color': t.mixsoft } },
      { selector: 'node.cluster', style: { 'border-style': 'double', 'border-width': 5 } },
      { selector: 'node.found', style: { 'underlay-color': t.warn, 'underlay-opacity': 0.4, 'underlay-padding': 5, 'underlay-shape': 'round-rectangle' } },
      { selector: 'edge.found', style: { 'underlay-color': t.warn, 'underlay-opacity': 0.22, 'underlay-padding': 2 } },
      { selector: 'node.unknown', style: { 'border-color': tone('unknown'), 'border-style': 'dashed', 'border-width': 1.75, 'background-color': t.unknownsoft } },
      { selector: 'node.party', style: { shape: 'cut-rectangle', 'border-style': 'dotted', 'border-color': t.brand, 'border-width': 2, 'background-color': t.ground } },
      { selector: 'node.start.sanctioned, node.start.service, node.start.mix', style: { 'border-width': 3 } },
      { selector: 'node.picked', style: { 'border-color': t.brand, 'border-width': 4, 'background-color': t.brandsoft } },
      {
        selector: 'edge',
        style: {
          width: 'data(width)', 'line-color': t.ink3, 'line-opacity': 0.4, 'line-cap': 'butt',
          'curve-style': 'unbundled-bezier', 'control-point-distances': 'data(distances)',
          'control-point-weights': 'data(weights)', 'edge-distances': 'endpoints',
          'source-endpoint': (edge) => this.port(edge, 0), 'target-endpoint': (edge) => this.port(edge, -1),
          'overlay-opacity': 0,
        },
      },
      { selector: 'edge[!bent]', style: { 'curve-style': 'straight' } },
      { selector: 'edge.back', style: { 'curve-style': 'unbundled-bezier', 'control-point-distances': [80], 'control-point-weights': [0.5], 'target-arrow-shape': 'triangle', 'target-arrow-color': t.ink3 } },
      { selector: 'edge.service', style: { 'line-color': tone('service'), 'line-opacity': 0.5 } },
      { selector: 'edge.mix', style: { 'line-color': tone('mix'), 'line-opacity': 0.5 } },
      { selector: 'edge.sanctioned', style: { 'line-color': tone('sanctioned'), 'line-opacity': 0.55 } },
      { selector: 'edge.unknown', style: { 'line-color': tone('unknown'), 'line-opacity': 0.4 } },
      { selector: 'edge.doubt', style: { 'line-style': 'dashed', 'line-dash-pattern': (edge) => (edge.data('width') > 6 ? [3, 4] : [7, 5]) } },
      { selector: 'edge.stated', style: { 'line-style': 'dashed', 'line-dash-pattern': [1, 7], 'line-cap': 'round', width: 4, 'line-color': t.brand, 'line-opacity': 1 } },
      { selector: 'edge.picked', style: { 'line-opacity': 0.85 } },
    ];
  }

  /** Give where a ribbon leaves or enters a node, from the node's middle. */
  port(edge, at) {
    const told = this.graph.edges.get(edge.id());
    const [x, y] = told.points.at(at);
    const middle = centre(this.graph.nodes.get(at ? told.target : told.source));
    return `${x - middle.x}px ${y - middle.y}px`;
  }

  resize() {
    if (!this.cy) return;
    this.cy.resize();
    this.paintSoon();
  }

  paintSoon() {
    if (this.cy) this.cy.forceRender();
  }

  paintNow() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    if (this.overlay.width !== Math.round(width * ratio) || this.overlay.height !== Math.round(height * ratio)) {
      this.overlay.width = Math.round(width * ratio);
      this.overlay.height = Math.round(height * ratio);
      // As wide as it was painted, on paper too, where nothing is painted anew.
      this.overlay.style.width = `${width}px`;
      this.overlay.style.height = `${height}px`;
    }
    const context = this.overlay.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const view = { pan: this.cy.pan(), zoom: this.cy.zoom(), width, height };
    if (document.activeElement === this.stage) this.paintFocus(context, view);
    paint(context, this.graph, this.tokens, view, this.current);
  }

  paintFocus(context, view) {
    const node = this.graph.nodes.get(this.current);
    if (!node) return;
    const { pan, zoom } = view;
    context.lineWidth = 3;
    context.strokeStyle = this.tokens.brand;
    context.setLineDash([]);
    context.beginPath();
    context.roundRect(node.x * zoom + pan.x - 5, node.y * zoom + pan.y - 5, node.w * zoom + 10, node.h * zoom + 10, 11);
    context.stroke();
  }

  // --- looking -----------------------------------------------------------------------------------

  zoomBy(factor) {
    const middle = { x: this.stage.clientWidth / 2, y: this.stage.clientHeight / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: middle });
  }

  fitAll() {
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight - AXIS];
    const zoom = Math.min((width - 40) / this.graph.width, (height - 30) / this.graph.height, 1.1);
    const level = Math.max(SMALLEST, zoom);
    this.cy.viewport({
      zoom: level,
      pan: {
        x: (width - this.graph.width * level) / 2,
        y: AXIS + (height - this.graph.height * level) / 2,
      },
    });
  }

  /** Show the whole if it can be read, else the beginning at a size that can. */
  begin() {
    this.fitHeight();
    this.fitAll();
    if (this.cy.zoom() >= READS_AT) return;
    const starts = [...this.graph.nodes.values()].filter((node) => node.kind === 'start' || node.hops[0] === 0);
    const first = starts[0] ?? this.graph.nodes.get(this.graph.order[0]);
    if (!first) return;
    const { x, y } = centre(first);
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight - AXIS];
    const pan = {
      x: within(width / 2 - x, width, this.graph.width),
      y: AXIS + within(height / 2 - y, height, this.graph.height),
    };
    this.cy.viewport({ zoom: 1, pan });
  }

  /** Give the stage the height that the picture needs, within what the window has. */
  fitHeight() {
    if (this.section.classList.contains('mg-narrow')) {
      this.stage.style.height = '';
    } else {
      const most = Math.max(HEIGHTS.least, window.innerHeight * HEIGHTS.most);
      const wanted = Math.min(most, Math.max(HEIGHTS.least, this.graph.height + AXIS + 2 * SIDE));
      if (wanted > this.stage.clientHeight || !this.stage.style.height) this.stage.style.height = `${wanted}px`;
    }
    this.cy.resize();
  }

  reveal(id) {
    const node = this.graph.nodes.get(id);
    const { pan, zoom } = { pan: this.cy.pan(), zoom: this.cy.zoom() };
    const [left, top] = [node.x * zoom + pan.x, node.y * zoom + pan.y];
    const [right, bottom] = [left + node.w * zoom, top + node.h * zoom];
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    let [dx, dy] = [0, 0];
    if (left < 16) dx = 16 - left;
    else if (right > width - 24) dx = width - 24 - right;
    if (top < AXIS + 10) dy = AXIS + 10 - top;
    else if (bottom > height - 16) dy = height - 16 - bottom;
    if (dx || dy) this.cy.panBy({ x: dx, y: dy });
  }

  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = this.stage.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      this.cy.zoom({ level: this.cy.zoom() * Math.exp(-event.deltaY / 400), renderedPosition: at });
    } else if (event.deltaX || event.shiftKey) {
      event.preventDefault();
      this.cy.panBy({ x: -(event.deltaX || event.deltaY), y: 0 });
    }
  }

  // --- choosing ----------------------------------------------------------------------------------

  tap(event) {
    const id = event.target.id();
    const node = this.graph.nodes.get(id);
    const knob = knobOf(node);
    const { x, y } = event.position;
    const isKnob = (node.opens || (node.closes && id === this.current)) && Math.hypot(x - knob.x, y - knob.y) <= knob.r + 4;
    this.stage.focus({ preventScroll: true });
    this.current = id;
    if (isKnob || FOLDS.has(node.kind)) {
      this.toggle(id);
      return;
    }
    const original = event.originalEvent ?? {};
    this.select(id, original.shiftKey || original.ctrlKey || original.metaKey);
  }

  /** Select a node: alone, or more beside those that are. */
  select(id, isMore) {
    if (isMore) {
      if (!this.selected.delete(id)) this.selected.add(id);
    } else {
      this.selected = new Set([id]);
    }
    this.current = id;
    this.tellSelected();
  }

  clear() {
    if (!this.selected.size) return;
    this.selected.clear();
    this.say(this.words.cleared);
    this.tellSelected();
  }

  tellSelected() {
    for (const id of [...this.selected]) if (!this.graph.nodes.has(id)) this.selected.delete(id);
    this.cy.batch(() => {
      this.cy.elements('.picked').removeClass('picked');
      for (const id of this.selected) {
        const found = this.cy.getElementById(id);
        found.addClass('picked');
        found.connectedEdges().addClass('picked');
      }
    });
    for (const row of this.list.children) {
      row.firstChild.setAttribute('aria-pressed', String(this.selected.has(row.dataset.node)));
    }
    const nodes = [...this.selected].map((id) => this.graph.nodes.get(id));
    this.fill('[data-mg-selected]', [...this.selected].join(' '));
    this.emit('selected', { nodes });
    this.paintSoon();
  }

  /** Put a value into the page's inputs of this graph, for forms that go on from it. */
  fill(selector, value) {
    const scope = this.section.closest('[data-mg-scope]') ?? document;
    for (const input of scope.querySelectorAll(selector)) input.value = value;
  }

  tellQuery() {
    this.fill('[data-mg-query]', JSON.stringify(this.graph.query));
  }

  emit(name, detail) {
    this.section.dispatchEvent(new CustomEvent(`moneygraph:${name}`, { bubbles: true, detail }));
  }

  say(text) {
    this.status.textContent = text;
  }

  // --- keys --------------------------------------------------------------------------------------

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
    if (moves[event.key]) this.move(moves[event.key]);
    else if (event.key === 'Enter') this.toggle(this.current);
    else if (event.key === ' ') this.select(this.current, true);
    else if (event.key === 'Escape') this.clear();
    else if (event.key === 'Home') this.go(this.graph.order[0]);
    else if (event.key === 'End') this.go(this.graph.order.at(-1));
    else if (event.key === '+' || event.key === '=') this.zoomBy(1.25);
    else if (event.key === '-') this.zoomBy(0.8);
    else if (event.key === '0') this.fitAll();
    else return;
    event.preventDefault();
  }

  move(way) {
    const here = this.graph.nodes.get(this.current);
    if (!here) return;
    const next = way === 'left' || way === 'right' ? this.alongMoney(here, way) : this.inLayer(here, way);
    if (next) this.go(next);
    else this.say(this.words.no_neighbour);
  }

  /** The neighbour at the far end of the widest ribbon. */
  alongMoney(here, way) {
    const [near, far] = way === 'right' ? ['source', 'target'] : ['target', 'source'];
    let best = null;
    for (const edge of this.graph.edges.values()) {
      if (edge[near] === here.id && !edge.goes_back && (!best || edge.width > best.width)) best = edge;
    }
    return best?.[far];
  }

  inLayer(here, way) {
    const layer = this.graph.order.filter((id) => this.graph.nodes.get(id).layer === here.layer);
    return layer[layer.indexOf(here.id) + (way === 'down' ? 1 : -1)];
  }

  go(id) {
    this.current = id;
    const node = this.graph.nodes.get(id);
    this.reveal(id);
    const parts = [sayNode(node)];
    if (this.selected.has(id)) parts.push(this.words.is_selected);
    if (node.opens) parts.push(this.words.opens);
    else if (node.closes) parts.push(this.words.folds);
    this.say(parts.join('. '));
    this.paintSoon();
  }

  // --- opening and folding -----------------------------------------------------------------------

  toggle(id) {
    const node = this.graph.nodes.get(id);
    if (!node) return;
    if (node.opens) this.step('expand', id);
    else if (node.closes) this.step('collapse', id);
    else this.say(this.words.fixed);
  }

  /** Ask the server for what opens or folds, and put it into the living picture. */
  async step(action, id) {
    if (this.isBusy) return;
    const began = performance.now();
    this.isBusy = true;
    this.section.setAttribute('aria-busy', 'true');
    this.fault.hidden = true;
    try {
      const answer = await fetch(this.section.dataset.expandUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': this.section.dataset.csrf ?? '' },
        body: JSON.stringify({ action, node: id, query: this.graph.query }),
        credentials: 'same-origin',
      });
      const told = await readAnswer(answer);
      if (!answer.ok || !told) this.tellFault(told);
      else this.apply(told, id, began);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.tellFault(null); // the network's own failure
    } finally {
      this.isBusy = false;
      this.section.removeAttribute('aria-busy');
    }
  }

  tellFault(told) {
    this.fault.textContent = told?.sentence ? `${told.sentence} ${told.next ?? ''}` : this.words.no_answer;
    this.fault.hidden = false;
  }

  apply(change, id, began) {
    const held = this.anchor(id, change);
    this.merge(change);
    this.cy.batch(() => {
      for (const gone of change.removed_edges) this.cy.getElementById(gone).remove();
      for (const gone of change.removed) this.cy.getElementById(gone).remove();
      for (const node of [...change.changed, ...change.moved.map(([moved]) => this.graph.nodes.get(moved))]) {
        const element = this.cy.getElementById(node.id);
        element.data({ w: node.w, h: node.h });
        element.position(centre(node));
        element.classes(nodeElement(node).classes);
      }
      this.cy.add(change.added.map(nodeElement));
      for (const edge of [...change.changed_edges, ...change.moved_edges.map(([moved]) => this.graph.edges.get(moved))]) {
        const element = this.cy.getElementById(edge.id);
        element.data(edgeData(edge, false));
        element.classes(edgeElement(edge).classes);
      }
      this.cy.add(change.added_edges.map(edgeElement));
    });
    this.fitHeight();
    if (held) this.keepStill(held);
    if (!this.graph.nodes.has(this.current)) this.current = held?.id ?? this.graph.order[0];
    this.reveal(this.current);
    this.cy.one('render', () => {
      const ms = performance.now() - began;
      this.section.dataset.drawnMs = ms.toFixed(1);
      this.emit('drawn', { ms });
    });
    this.cy.forceRender();
    this.say(change.said);
    this.tellSelected();
    this.tellQuery();
    this.emit('changed', { query: this.graph.query, graph: this.graph });
    this.refreshList();
  }

  merge(change) {
    const { added, changed, moved, removed, added_edges: addedEdges, changed_edges: changedEdges,
      moved_edges: movedEdges, removed_edges: removedEdges, order, said, ...frame } = change;
    const { nodes, edges } = this.graph;
    for (const id of removed) nodes.delete(id);
    for (const id of removedEdges) edges.delete(id);
    for (const node of [...added, ...changed]) nodes.set(node.id, node);
    for (const edge of [...addedEdges, ...changedEdges]) edges.set(edge.id, edge);
    for (const [id, layer, x, y, w, h] of moved) nodes.set(id, { ...nodes.get(id), layer, x, y, w, h });
    for (const [id, width, points] of movedEdges) edges.set(id, { ...edges.get(id), width, points });
    this.graph = { ...frame, nodes, edges, order };
  }

  /** Choose the node that stays where it is on the screen: what was opened, or what came of it. */
  anchor(id, change) {
    const node = this.graph.nodes.get(id);
    const zoom = this.cy.zoom();
    const pan = this.cy.pan();
    const follower = change.removed.includes(id) ? change.added[0]?.id : id;
    if (!node || !follower) return null;
    return { id: follower, x: node.x * zoom + pan.x, y: node.y * zoom + pan.y };
  }

  keepStill(held) {
    const node = this.graph.nodes.get(held.id);
    const zoom = this.cy.zoom();
    this.cy.pan({ x: held.x - node.x * zoom, y: held.y - node.y * zoom });
  }

  refreshList() {
    const scope = this.section.closest('[data-mg-scope]') ?? document;
    fillTold(scope, this.graph, this.words, (action, id) => this.act(action, id));
    if (!this.details.open) {
      this.list.replaceChildren();
      return;
    }
    fillList(this.list, this.graph, this.words, (action, id) => this.act(action, id));
    for (const row of this.list.children) {
      row.firstChild.setAttribute('aria-pressed', String(this.selected.has(row.dataset.node)));
    }
  }

  act(action, id) {
    this.current = id;
    if (action === 'select') {
      this.select(id, true);
      this.reveal(id);
    } else if (action === 'find') {
      this.go(id);
      this.stage.focus();
    } else if (action === 'go') {
      this.go(id);
      const row = [...this.list.children].find((one) => one.dataset.node === id);
      row?.firstChild.focus();
    } else {
      this.step(action, id);
    }
  }

  // --- a file of it ------------------------------------------------------------------------------

  async savePng() {
    const blob = await this.png();
    const link = make('a');
    link.href = URL.createObjectURL(blob);
    link.download = this.section.dataset.file ?? 'money-graph.png';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  /** Give the whole picture with its words as a PNG. */
  async png() {
    const margin = 24;
    const [whole, high] = [this.graph.width + 2 * margin, this.graph.height + 2 * margin + AXIS];
    const scale = Math.min(2, LARGEST_PNG / whole, LARGEST_PNG / high);
    const drawn = await this.cy.png({ output: 'blob-promise', full: true, scale, maxWidth: LARGEST_PNG, maxHeight: LARGEST_PNG });
    const image = await createImageBitmap(drawn);
    const box = this.cy.elements().boundingBox();
    const canvas = make('canvas');
    [canvas.width, canvas.height] = [Math.ceil(whole * scale), Math.ceil(high * scale)];
    const context = canvas.getContext('2d');
    context.fillStyle = this.tokens.paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const ratio = image.width / box.w;
    const size = scale / ratio;
    const [left, top] = [(box.x1 + margin) * scale, (box.y1 + margin + AXIS) * scale];
    context.drawImage(image, left, top, image.width * size, image.height * size);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    paint(context, this.graph, this.tokens, { pan: { x: margin, y: margin + AXIS }, zoom: 1, width: whole, height: high }, '');
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  }
}

async function readAnswer(answer) {
  const kind = answer.headers.get('Content-Type') ?? '';
  return kind.startsWith('application/json') ? answer.json() : null;
}

for (const section of document.querySelectorAll('[data-money-graph]')) {
  section.moneyGraph = new MoneyGraph(section);
}
