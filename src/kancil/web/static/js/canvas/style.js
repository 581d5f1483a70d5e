// Cytoscape's style sheet for boxes and ribbons, from the page's tokens alone.

import { centre } from './place.js';

const TONES = { sanctioned: 'danger', mix: 'mix', coinjoin: 'mix', service: 'service', labelled: 'ink2', unknown: 'unknown' };
const NAMES = ['paper', 'ground', 'sunk', 'line', 'line-strong', 'edge', 'ink', 'ink-2', 'ink-3', 'brand',
  'brand-ink', 'brand-soft', 'danger', 'danger-soft', 'mix', 'mix-soft', 'service', 'service-soft', 'unknown',
  'unknown-soft', 'warn', 'warn-soft', 'mark-1', 'mark-2', 'mark-3', 'mark-4', 'mark-5', 'mark-6',
  'reported'];

/** Read the page's tokens, so that colours and fonts stand in one place only. */
export function readTokens(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(`--${name}`).trim();
  const tokens = Object.fromEntries(NAMES.map((name) => [name.replaceAll('-', ''), value(name)]));
  // A canvas takes no var(): the scripts' fonts are asked of the element itself.
  return { ...tokens, font: style.fontFamily, mono: value('mono') };
}

/** The tokens of the light look, which files have whatever the page looks like: they are printed. */
export function paperTokens(element) {
  const { theme } = document.documentElement.dataset;
  document.documentElement.dataset.theme = 'light';
  const tokens = readTokens(element);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  return tokens;
}

/** The colour that a tone stands for; empty for one that has none. */
export function toneColour(tokens, tone) {
  return tokens[TONES[tone] ?? ''] ?? '';
}

export function hasSign(tone) {
  return tone in TONES;
}

/** `port`: where a ribbon begins (0) or ends (-1), from the middle of its box. */
export function sheetOf(t, port) {
  const tone = (name) => toneColour(t, name);
  return [
    {
      selector: 'node',
      style: {
        shape: 'round-rectangle', 'corner-radius': 8, width: 'data(w)', height: 'data(h)',
        'background-color': t.paper, 'border-color': t.linestrong, 'border-width': 1.5, 'box-selection': 'overlap',
        'overlay-opacity': 0,
      },
    },
    { selector: 'node.ends, node.chain, node.stage, node.below, node.cluster', style: { ghost: 'yes', 'ghost-offset-x': 5, 'ghost-offset-y': 5, 'ghost-opacity': 1 } },
    { selector: 'node.tx', style: { 'border-color': t.edge } },
    { selector: 'node.address', style: { 'border-color': t.edge } },
    { selector: 'node.junction', style: { shape: 'ellipse', 'background-color': t.ink3, 'border-width': 0 } },
    { selector: 'node.start', style: { 'border-color': t.brand, 'border-width': 3 } },
    { selector: 'node.sanctioned', style: { 'border-color': tone('sanctioned'), 'border-width': 2.5, 'background-color': t.dangersoft } },
    { selector: 'node.mix', style: { 'border-color': tone('mix'), 'border-width': 2, 'background-color': t.mixsoft } },
    { selector: 'node.service', style: { 'border-color': tone('service'), 'border-width': 2, 'background-color': t.servicesoft } },
    { selector: 'node.tx.coinjoin', style: { 'border-color': tone('coinjoin'), 'border-style': 'dashed', 'border-width': 2.5, 'background-color': t.mixsoft } },
    { selector: 'node.cluster, node.entity', style: { 'border-style': 'double', 'border-width': 5 } },
    { selector: 'node.found', style: { 'underlay-color': t.warn, 'underlay-opacity': 0.4, 'underlay-padding': 5, 'underlay-shape': 'round-rectangle' } },
    { selector: 'edge.found', style: { 'underlay-color': t.warn, 'underlay-opacity': 0.22, 'underlay-padding': 2 } },
    { selector: 'node.unknown', style: { 'border-color': tone('unknown'), 'border-style': 'dotted', 'border-width': 2, 'background-color': t.unknownsoft } },
    { selector: 'node.party', style: { shape: 'cut-rectangle', 'border-style': 'dashed', 'border-color': t.reported, 'border-width': 2, 'background-color': t.paper } },
    { selector: 'node.start.sanctioned, node.start.service, node.start.mix', style: { 'border-width': 3 } },
    { selector: 'node.picked', style: { 'border-color': t.brand, 'border-width': 4, 'background-color': t.brandsoft } },
    {
      selector: 'edge',
      style: {
        width: 'data(width)', 'line-color': t.brand, 'line-opacity': 0.42, 'line-cap': 'butt',
        'curve-style': 'unbundled-bezier', 'control-point-distances': 'data(distances)',
        'control-point-weights': 'data(weights)', 'edge-distances': 'endpoints',
        'source-endpoint': (edge) => port(edge, 0), 'target-endpoint': (edge) => port(edge, -1),
        'overlay-opacity': 0,
      },
    },
    { selector: 'edge[!bent]', style: { 'curve-style': 'straight' } },
    { selector: 'edge.back', style: { 'curve-style': 'unbundled-bezier', 'control-point-distances': [80], 'control-point-weights': [0.5], 'target-arrow-shape': 'triangle', 'target-arrow-color': t.brand } },
    { selector: 'edge.service', style: { 'line-color': tone('service'), 'line-opacity': 0.5 } },
    { selector: 'edge.mix', style: { 'line-color': tone('mix'), 'line-opacity': 0.5 } },
    { selector: 'edge.sanctioned', style: { 'line-color': tone('sanctioned'), 'line-opacity': 0.55 } },
    { selector: 'edge.doubt', style: { 'line-style': 'dashed', 'line-dash-pattern': (edge) => (edge.data('width') > 6 ? [3, 4] : [7, 5]) } },
    { selector: 'edge.unknown', style: { 'line-color': tone('unknown'), 'line-style': 'dashed', 'line-dash-pattern': [1, 6], 'line-cap': 'round', 'line-opacity': 0.8 } },
    { selector: 'edge.stated', style: { 'line-style': 'dashed', 'line-dash-pattern': [14, 7], width: (edge) => Math.max(6, edge.data('width')), 'line-color': t.reported, 'line-opacity': 1 } },
    { selector: 'core', style: { 'selection-box-color': t.brand, 'selection-box-opacity': 0.12, 'selection-box-border-color': t.brand, 'selection-box-border-width': 1 } },
    { selector: 'edge.picked', style: { 'line-opacity': 0.85 } },
  ];
}

export function nodeClasses(node) {
  return [node.kind, node.tone, node.state === node.tone ? '' : node.state, node.findings?.length ? 'found' : '']
    .filter(Boolean).join(' ');
}

export function edgeClasses(edge) {
  const classes = [edge.tone];
  if (edge.stated_by) classes.push('stated');
  else if (edge.amount && !edge.amount.determined) classes.push('doubt');
  if (edge.after_service) classes.push('after');
  if (edge.goes_back) classes.push('back');
  if (edge.findings?.length) classes.push('found');
  return classes.filter(Boolean).join(' ');
}

/** Where a ribbon begins (0) or ends (-1), from the middle of its box; one that is going has none. */
export function portOf(graph, edge, at) {
  const told = graph.edges.get(edge.id());
  if (!told) return '0px 0px';
  const [x, y] = told.points.at(at);
  const middle = centre(graph.nodes.get(at ? told.target : told.source));
  return `${x - middle.x}px ${y - middle.y}px`;
}
