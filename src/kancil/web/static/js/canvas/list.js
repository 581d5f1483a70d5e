// The same picture as a list that is read and used without it: on a phone, by ear, by key.

import { button, make, sayNode, sayTime } from './make.js';

/** Fill a list with all boxes, in the order of the picture, and how coins go on from each.
 *
 * `picture`: {graph, shown}; what is not shown stands there too, with a button that shows it. */
export function fillList(list, picture, words, act) {
  const { graph, shown } = picture;
  const leaving = new Map();
  for (const edge of graph.edges.values()) {
    if (!leaving.has(edge.source)) leaving.set(edge.source, []);
    leaving.get(edge.source).push(edge);
  }
  list.replaceChildren(...graph.order.map((id) => (shown.nodes.has(id)
    ? item(graph.nodes.get(id), leaving.get(id) ?? [], graph, words, act)
    : absent(graph.nodes.get(id), words, act))));
}

/** Mark in the list which boxes are selected. */
export function markList(list, selected) {
  for (const row of list.children) {
    row.querySelector('.cv-pick')?.setAttribute('aria-pressed', String(selected.has(row.dataset.node)));
  }
}

/** A box that is not on the canvas: one may put it there. */
function absent(node, words, act) {
  const row = make('li', 'cv-item absent');
  row.dataset.node = node.id;
  row.append(make('span', 'cv-line', sayNode(node)), make('span', 'cv-line', words.not_shown));
  row.append(button('btn', words.show, () => act('show', node.id)));
  return row;
}

function item(node, edges, graph, words, act) {
  const row = make('li', `cv-item${node.tone ? ` ${node.tone}` : ''}`);
  row.dataset.node = node.id;
  const pick = button('cv-pick', undefined, () => act('select', node.id));
  pick.setAttribute('aria-pressed', 'false');
  for (const [kind, text] of node.lines) pick.append(make('span', `cv-line ${kind}`, text));
  if (node.worth) pick.append(make('span', 'cv-line', node.worth));
  // Coins that stop before a CoinJoin say so in their lines; its own entry says the rest.
  const heuristics = node.state === 'coinjoin' ? [] : node.heuristics ?? [];
  for (const heard of heuristics) pick.append(make('span', 'cv-line', `${heard.told}. ${heard.error}`));
  row.append(pick);
  if (node.opens || node.closes) {
    const knob = button(node.opens ? 'btn' : 'btn bare', node.opens ? words.open : words.fold, () => act('toggle', node.id));
    knob.setAttribute('aria-label', `${knob.textContent}: ${sayNode(node)}`);
    row.append(knob);
  }
  if (edges.length) row.append(ways(edges, graph, words, act));
  return row;
}

function ways(edges, graph, words, act) {
  const list = make('ul', 'cv-ways');
  list.setAttribute('aria-label', words.goes_to);
  for (const edge of edges) list.append(way(edge, graph, words, act));
  return list;
}

function way(edge, graph, words, act) {
  const target = graph.nodes.get(edge.target);
  const row = make('li');
  const link = button('cv-way', undefined, () => act('go', target.id));
  const isSure = edge.amount?.determined || edge.stated_by;
  link.append(make('span', 'cv-arrow'), make('span', '', `${edge.told}${isSure ? '' : ` (${words.not_determined})`}`));
  link.append(make('span', 'cv-to', titleOf(target)));
  if (edge.worth && edge.worth !== target.worth) link.append(make('span', 'cv-said', edge.worth));
  if (edge.stated_by) {
    link.classList.add('stated');
    link.append(make('span', 'cv-said', [...edge.words.slice(1), ...edge.times.map(sayTime), ...edge.reasons].join(' · ')));
  }
  row.append(link);
  return row;
}

function titleOf(node) {
  const told = node.lines.filter(([kind]) => kind === 'title' || kind === 'name').map(([, text]) => text);
  return told.join(' ') || node.lines[0][1];
}

// --- what methods say --------------------------------------------------------------------------------

/** Fill the lists of what methods say: a block a method, and of each thing it says, where it is. */
export function fillTold(hosts, { graph, view }, words, act) {
  for (const host of hosts) {
    const groups = graph[host.dataset.told] ?? [];
    const texts = host.dataset.told === 'findings' && view.patterns ? graph.patterns_said ?? [] : [];
    const said = make('ul', 'prose');
    said.append(...texts.map((text) => make('li', '', text)));
    host.replaceChildren(...(texts.length ? [said] : []), ...groups.map((group) => groupElement(group, words, act)));
    host.parentElement.hidden = !groups.length && !texts.length;
  }
}

function groupElement(group, words, act) {
  const block = make('section');
  const facts = make('dl', 'dl');
  for (const [name, text] of group.facts) facts.append(make('dt', '', name), make('dd', '', text));
  const rows = make('ol', 'cv-rows');
  for (const row of group.rows) rows.append(toldRow(row, words, act));
  block.append(make('h3', '', group.title), make('p', 'cv-closing', group.closing), facts, rows);
  return block;
}

function toldRow(row, words, act) {
  const item = make('li');
  item.append(make('b', '', row.title), ` ${row.text}`);
  if (!row.nodes.length) return item;
  const where = make('span', 'cv-where', `${words.in_picture} `);
  for (const [id, name] of row.nodes) where.append(button('cv-find', name, () => act('find', id)), ' ');
  if (row.left) where.append(`+${row.left}`);
  item.append(' ', where);
  return item;
}
