// The picture itself: Cytoscape draws boxes and ribbons, `paint.js` the words above them. It shows a
// graph under a view and says what a person did to it; it changes neither.

import { make, sayNode } from './make.js';
import { AXIS, forgetWidths, knobOf, paint } from './paint.js';
import { bendsOf, centre, frameOf, placeGraph } from './place.js';
import { turnGraph } from './turn.js';
import { LEGIBLE, wrapGraph } from './wrap.js';
import { edgeClasses, nodeClasses, portOf, readTokens, sheetOf } from './style.js';
import { shownOf } from './view.js';
import { press } from './walking.js';

const SMALLEST = 0.06;
const LARGEST = 2.5;
const SIDE = 28;
const NARROW = 600;
const STAND = 0.9;

/** Where a frame begins on the screen: in the middle if there is room, else so that `at` is in sight. */
function panTo(room, from, size, at, level) {
  const spare = (room - size * level) / 2;
  if (spare >= SIDE) return spare - from * level;
  const most = SIDE - from * level;
  const least = room - SIDE - (from + size) * level;
  return Math.max(Math.min(room / 2 - at * level, most), Math.min(least, most));
}

function nodeElement(node) {
  return { group: 'nodes', data: { id: node.id, w: node.w, h: node.h }, position: centre(node), classes: nodeClasses(node) };
}

function edgeElement(edge) {
  return { group: 'edges', data: edgeData(edge, true), classes: edgeClasses(edge) };
}

function edgeData(edge, withEnds) {
  const bends = bendsOf(edge);
  const data = { id: edge.id, width: edge.width, weights: bends.weights, distances: bends.distances };
  data.bent = bends.weights.length ? 1 : 0;
  return withEnds ? { ...data, source: edge.source, target: edge.target } : data;
}

export class Stage {
  /** `told`: what is called when a person selects, toggles, moves, or points at a ribbon. */
  constructor(host, words, told) {
    this.host = host;
    this.words = words;
    this.told = told;
    this.selected = new Set();
    this.current = '';
    this.path = [];
    this.covered = { top: 0, bottom: 0 };
    this.canvasHost = make('div', 'cv-canvas');
    this.overlay = make('canvas', 'cv-overlay');
    for (const layer of [this.canvasHost, this.overlay]) layer.setAttribute('aria-hidden', 'true');
    host.append(this.canvasHost, this.overlay);
    host.addEventListener('keydown', (event) => press(this, event));
    host.addEventListener('focus', () => this.paintSoon());
    host.addEventListener('blur', () => this.paintSoon());
    host.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.tokens = readTokens(host);
    this.watch();
  }

  watch() {
    const redraw = () => {
      this.tokens = readTokens(this.host);
      if (this.cy) this.cy.style().fromJson(this.sheet()).update();
      this.paintSoon();
    };
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ['data-theme', 'lang'] });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    document.fonts?.ready.then(() => {
      forgetWidths();
      this.paintSoon();
    });
    new ResizeObserver(() => this.resize()).observe(this.host);
  }

  sheet() {
    return sheetOf(this.tokens, (edge, at) => portOf(this.placed, edge, at));
  }

  // --- drawing -------------------------------------------------------------------------------------

  /** Show a graph under a view; what stood there already stays the same element. */
  show(graph, view) {
    this.view = view;
    this.whole = graph;
    this.placed = this.place(graph, view);
    this.shown = shownOf(graph, view);
    if (!this.cy) this.begin();
    this.cy.batch(() => this.update());
    for (const id of [...this.selected]) if (!this.shown.nodes.has(id)) this.selected.delete(id);
    if (!this.shown.nodes.has(this.current)) this.current = this.firstShown();
    this.mark();
    this.paintSoon();
  }

  /** Where boxes stand: as the officer moved them, else turned where the screen is narrow, else in
   * rows where all of it side by side could not be read. */
  place(graph, view) {
    const isTurned = this.host.clientWidth < NARROW && !Object.keys(view.positions).length;
    this.cy?.autoungrabify(isTurned);
    if (isTurned) return turnGraph(graph);
    const placed = placeGraph(graph, view);
    return placed === graph ? wrapGraph(graph, (this.host.clientWidth - 2 * SIDE) / LEGIBLE) : placed;
  }

  begin() {
    this.cy = window.cytoscape({
      container: this.canvasHost,
      elements: [],
      style: this.sheet(),
      layout: { name: 'preset', fit: false },
      autounselectify: true,
      boxSelectionEnabled: true,
      autoungrabify: Boolean(this.placed.isTurned),
      userZoomingEnabled: matchMedia('(pointer: coarse)').matches,
      minZoom: SMALLEST,
      maxZoom: LARGEST,
    });
    this.cy.on('render', () => this.paintNow());
    this.cy.on('tap', 'node', (event) => this.tap(event));
    this.cy.on('dbltap', 'node', (event) => this.told.toggle(event.target.id()));
    this.cy.on('tap', 'edge', (event) => this.told.edge(event.target.id()));
    this.cy.on('tap', (event) => {
      if (event.target === this.cy) this.clear();
    });
    this.cy.on('box', 'node', (event) => this.lasso(event.target.id()));
    this.cy.on('drag', 'node', (event) => this.drag(event.target));
    this.cy.on('free', 'node', () => this.drop());
    this.cy.on('mouseover', 'node, edge', () => this.host.classList.add('cv-over'));
    this.cy.on('mouseout', 'node, edge', () => this.host.classList.remove('cv-over'));
  }

  update() {
    const { placed, shown } = this;
    const gone = this.cy.elements().filter((one) => !(one.isNode() ? shown.nodes : shown.edges).has(one.id()));
    gone.remove();
    const fresh = [];
    for (const id of shown.nodes) {
      const node = placed.nodes.get(id);
      const element = this.cy.getElementById(id);
      if (element.empty()) fresh.push(nodeElement(node));
      else this.refresh(element, node);
    }
    for (const id of shown.edges) {
      const edge = placed.edges.get(id);
      const element = this.cy.getElementById(id);
      if (element.empty()) fresh.push(edgeElement(edge));
      else if (element.scratch('told') !== edge) element.data(edgeData(edge, false)).classes(edgeClasses(edge));
    }
    this.cy.add(fresh);
    for (const id of shown.edges) this.cy.getElementById(id).scratch('told', placed.edges.get(id));
  }

  refresh(element, node) {
    const at = centre(node);
    const was = element.position();
    if (was.x !== at.x || was.y !== at.y) element.position(at);
    if (element.data('w') !== node.w || element.data('h') !== node.h) element.data({ w: node.w, h: node.h });
    element.classes(nodeClasses(node));
  }

  firstShown() {
    return this.whole.order.find((id) => this.shown.nodes.has(id)) ?? '';
  }

  resize() {
    if (!this.cy) return;
    this.cy.resize();
    this.show(this.whole, this.view);
    this.told.resized();
    this.paintSoon();
  }

  paintSoon() {
    this.cy?.forceRender();
  }

  paintNow() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.host.clientWidth, this.host.clientHeight];
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.overlay.width !== wide || this.overlay.height !== high) {
      Object.assign(this.overlay, { width: wide, height: high });
      // As wide as it was painted, on paper too, where nothing is painted anew.
      Object.assign(this.overlay.style, { width: `${width}px`, height: `${height}px` });
    }
    const context = this.overlay.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const seen = { pan: this.cy.pan(), zoom: this.cy.zoom(), width, height, top: this.covered.top };
    if (document.activeElement === this.host) this.paintFocus(context, seen);
    paint(context, this.picture(), this.tokens, seen);
  }

  /** All that is painted: the graph in its places, what of it is shown, and what the officer added. */
  picture() {
    return { graph: this.placed, shown: this.shown, view: this.view, current: this.current, path: this.path };
  }

  paintFocus(context, { pan, zoom }) {
    const node = this.placed.nodes.get(this.current);
    if (!node) return;
    context.lineWidth = 3;
    context.strokeStyle = this.tokens.brand;
    context.setLineDash([]);
    context.beginPath();
    context.roundRect(node.x * zoom + pan.x - 5, node.y * zoom + pan.y - 5, node.w * zoom + 10, node.h * zoom + 10, 11);
    context.stroke();
  }

  // --- looking -------------------------------------------------------------------------------------

  zoomBy(factor) {
    const middle = { x: this.host.clientWidth / 2, y: this.host.clientHeight / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: middle });
  }

  /** Show all that is shown, or these boxes, as large as they fit; never larger than life, and never
   * so small that no box is read: then from its beginning. */
  fit(ids = this.shown.nodes, largest = 1.1) {
    const frame = frameOf(this.placed, ids);
    if (!frame) return;
    const { top, bottom } = this.covered;
    const [width, height] = [this.host.clientWidth, this.host.clientHeight - AXIS - top - bottom];
    const zoom = Math.min((width - 2 * SIDE) / frame.width, (height - 2 * SIDE) / frame.height, largest);
    const level = Math.max(this.placed.isTurned ? SMALLEST : LEGIBLE, zoom);
    const first = this.placed.nodes.get(this.current) ?? frame;
    this.cy.viewport({
      zoom: level,
      pan: {
        x: panTo(width, frame.left, frame.width, first.x ?? frame.left, level),
        y: top + AXIS + panTo(height, frame.top, frame.height, first.y ?? frame.top, level),
      },
    });
  }

  /** Stand before a box at a size that is read, with what follows it in sight. */
  stand(id) {
    const node = this.placed.nodes.get(id);
    const { top, bottom } = this.covered;
    const middle = { x: this.host.clientWidth / 2, y: top + (this.host.clientHeight - top - bottom) / 2 };
    // What leads here is shown before it, where nothing goes on from here.
    const layers = [...this.placed.nodes.values()].map((one) => one.layer);
    const isLast = Math.max(...layers) === node.layer && Math.min(...layers) < node.layer;
    const [right, under] = [this.host.clientWidth - SIDE, this.host.clientHeight - SIDE - bottom];
    const at = this.placed.isTurned
      ? { x: middle.x - centre(node).x * STAND, y: isLast ? under - (node.y + node.h) * STAND : SIDE + top - node.y * STAND }
      : { x: isLast ? right - (node.x + node.w) * STAND : SIDE - node.x * STAND, y: middle.y - centre(node).y * STAND };
    this.cy.viewport({ zoom: STAND, pan: at });
  }

  /** Move the picture as little as brings a box into sight. */
  reveal(id) {
    const node = this.placed.nodes.get(id);
    if (!node) return;
    const { pan, zoom } = { pan: this.cy.pan(), zoom: this.cy.zoom() };
    const { top: over, bottom: under } = this.covered;
    const [left, top] = [node.x * zoom + pan.x, node.y * zoom + pan.y];
    const [right, bottom] = [left + node.w * zoom, top + node.h * zoom];
    const [width, height] = [this.host.clientWidth, this.host.clientHeight];
    let [dx, dy] = [0, 0];
    if (left < 16) dx = 16 - left;
    else if (right > width - 24) dx = width - 24 - right;
    if (top < over + AXIS + 10) dy = over + AXIS + 10 - top;
    else if (bottom > height - under - 16) dy = height - under - 16 - bottom;
    if (dx || dy) this.cy.panBy({ x: dx, y: dy });
  }

  /** Keep one box where it is on the screen while the picture around it changes. */
  keepStill(id, change) {
    const before = this.placed?.nodes.get(id);
    const { x, y } = this.cy ? this.cy.pan() : { x: 0, y: 0 };
    const zoom = this.cy?.zoom() ?? 1;
    change();
    const after = this.placed.nodes.get(id);
    if (before && after) this.cy.pan({ x: x + (before.x - after.x) * zoom, y: y + (before.y - after.y) * zoom });
  }

  wheel(event) {
    if (event.ctrlKey || event.metaKey || !event.shiftKey && !event.deltaX) {
      event.preventDefault();
      const box = this.host.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      this.cy.zoom({ level: this.cy.zoom() * Math.exp(-event.deltaY / 400), renderedPosition: at });
    } else {
      event.preventDefault();
      this.cy.panBy({ x: -(event.deltaX || event.deltaY), y: 0 });
    }
  }

  // --- choosing and moving ---------------------------------------------------------------------------

  tap(event) {
    const id = event.target.id();
    const node = this.placed.nodes.get(id);
    const knob = knobOf(node);
    const { x, y } = event.position;
    const isKnob = (node.opens || (node.closes && id === this.current)) && Math.hypot(x - knob.x, y - knob.y) <= knob.r + 4;
    this.host.focus({ preventScroll: true });
    this.current = id;
    if (isKnob) {
      this.told.toggle(id);
      return;
    }
    const original = event.originalEvent ?? {};
    this.select(id, original.shiftKey || original.ctrlKey || original.metaKey);
  }

  /** Select a box: alone, or more beside those that are. */
  select(id, isMore) {
    if (!isMore) this.selected = new Set([id]);
    else if (!this.selected.delete(id)) this.selected.add(id);
    this.current = id;
    this.mark();
    this.told.selected([...this.selected]);
  }

  /** Boxes inside the frame that Shift and the mouse draw: they come one by one, and are selected together. */
  lasso(id) {
    if (!this.caught) {
      this.caught = new Set(this.selected);
      queueMicrotask(() => {
        const ids = [...this.caught];
        this.caught = null;
        this.selectAll(ids);
      });
    }
    this.caught.add(id);
  }

  selectAll(ids) {
    this.selected = new Set(ids.filter((id) => this.shown.nodes.has(id)));
    this.mark();
    this.told.selected([...this.selected]);
  }

  clear() {
    if (!this.selected.size) return;
    this.selected.clear();
    this.mark();
    this.told.selected([]);
  }

  mark() {
    this.cy.batch(() => {
      this.cy.elements('.picked').removeClass('picked');
      for (const id of this.selected) {
        const found = this.cy.getElementById(id);
        found.addClass('picked').connectedEdges().addClass('picked');
      }
    });
    this.paintSoon();
  }

  /** While a box is moved, the others that are selected go with it, and ribbons follow. */
  drag(element) {
    const from = this.placed.nodes.get(element.id());
    const at = element.position();
    const [dx, dy] = [at.x - centre(from).x, at.y - centre(from).y];
    const ids = this.selected.has(from.id) ? [...this.selected] : [from.id];
    this.moving = { ...(this.moving ?? this.rowsKept()) };
    for (const id of ids) {
      const node = this.placed.nodes.get(id);
      this.moving[id] = [Math.round(node.x + dx), Math.round(node.y + dy)];
    }
    const view = { ...this.view, positions: { ...this.view.positions, ...this.moving } };
    this.placed = placeGraph(this.whole, view);
    this.cy.batch(() => {
      for (const id of ids) {
        const found = this.cy.getElementById(id);
        if (id !== from.id) found.position(centre(this.placed.nodes.get(id)));
        for (const edge of found.connectedEdges()) edge.data(edgeData(this.placed.edges.get(edge.id()), false));
      }
    });
  }

  /** Boxes of a picture in rows stay where they are when one of them is moved. */
  rowsKept() {
    return this.placed.isWrapped ? Object.fromEntries([...this.placed.nodes.values()].map((node) => [node.id, [node.x, node.y]])) : {};
  }

  drop() {
    if (!this.moving) return;
    const places = this.moving;
    this.moving = null;
    this.told.moved(places);
  }

  /** Stand at a box, bring it into sight and read it out. */
  go(id) {
    const node = this.placed.nodes.get(id);
    if (!node) return;
    this.current = id;
    this.reveal(id);
    const parts = [sayNode(node)];
    if (this.selected.has(id)) parts.push(this.words.is_selected);
    if (node.opens) parts.push(this.words.opens);
    else if (node.closes) parts.push(this.words.folds);
    this.told.say(parts.join('. '));
    this.paintSoon();
  }
}
