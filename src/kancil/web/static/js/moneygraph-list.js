// The same graph as a list that is read and used without the picture: on a phone, by ear, by key.

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Give a node's words as one sentence. */
export function sayNode(node) {
  return node.lines.map(([, text]) => text).join(', ');
}

/** Fill a list with all nodes, in the order of the picture, and how coins go on from each. */
export function fillList(list, graph, words, act) {
  const leaving = new Map();
  for (const edge of graph.edges.values()) {
    if (!leaving.has(edge.source)) leaving.set(edge.source, []);
    leaving.get(edge.source).push(edge);
  }
  list.replaceChildren(...graph.order.map((id) => item(graph.nodes.get(id), leaving.get(id) ?? [], graph, words, act)));
}

/** Fill the lists of what methods say: a block a method, and of each thing it says, where it is. */
export function fillTold(scope, graph, words, act) {
  for (const host of scope.querySelectorAll('[data-mg-told]')) {
    const groups = graph[host.dataset.mgTold] ?? [];
    const said = host.parentElement.querySelector('[data-mg-said]');
    const texts = host.dataset.mgTold === 'findings' ? graph.patterns_said : [];
    if (said) {
      said.replaceChildren(...texts.map((text) => make('li', '', text)));
      said.hidden = !texts.length;
    }
    host.replaceChildren(...groups.map((group) => groupElement(group, words, act)));
    host.parentElement.hidden = !groups.length && !texts.length;
  }
}

function groupElement(group, words, act) {
  const block = make('section');
  const facts = make('dl', 'dl');
  for (const [name, text] of group.facts) facts.append(make('dt', '', name), make('dd', '', text));
  const rows = make('ol', 'mg-rows');
  for (const row of group.rows) rows.append(toldRow(row, words, act));
  block.append(make('h3', '', group.title), make('p', 'mg-closing', group.closing), facts, rows);
  return block;
}

function toldRow(row, words, act) {
  const item = make('li');
  item.append(make('b', '', row.title), ` ${row.text}`);
  if (!row.nodes.length) return item;
  const where = make('span', 'mg-where', `${words.in_picture} `);
  for (const [id, name] of row.nodes) {
    const link = make('button', 'mg-find', name);
    link.type = 'button';
    link.addEventListener('click', () => act('find', id));
    where.append(link, ' ');
  }
  if (row.left) where.append(`+${row.left}`);
  item.append(' ', where);
  return item;
}

function item(node, edges, graph, words, act) {
  const row = make('li', `mg-item${node.tone ? ` ${node.tone}` : ''}`);
  row.dataset.node = node.id;
  const pick = make('button', 'mg-pick');
  pick.type = 'button';
  pick.setAttribute('aria-pressed', 'false');
  for (const [kind, text] of node.lines) pick.append(make('span', `mg-line ${kind}`, text));
  if (node.worth) pick.append(make('span', 'mg-line', node.worth));
  // Coins that stop before a CoinJoin say so in their lines; its own entry says the rest.
  const heuristics = node.state === 'coinjoin' ? [] : node.heuristics;
  for (const heard of heuristics) pick.append(make('span', 'mg-line', `${heard.told}. ${heard.error}`));
  pick.addEventListener('click', () => act('select', node.id));
  row.append(pick);
  if (node.opens || node.closes) {
    const knob = make('button', node.opens ? 'btn' : 'btn bare', node.opens ? words.open : words.fold);
    knob.type = 'button';
    knob.setAttribute('aria-label', `${knob.textContent}: ${sayNode(node)}`);
    knob.addEventListener('click', () => act(node.opens ? 'expand' : 'collapse', node.id));
    row.append(knob);
  }
  if (edges.length) row.append(ways(edges, graph, words, act));
  return row;
}

function ways(edges, graph, words, act) {
  const list = make('ul', 'mg-ways');
  list.setAttribute('aria-label', words.goes_to);
  for (const edge of edges) {
    const target = graph.nodes.get(edge.target);
    const way = make('li');
    const link = make('button', 'mg-way');
    link.type = 'button';
    link.append(make('span', 'mg-arrow'), make('span', '', `${edge.told}${edge.amount.determined || edge.stated_by ? '' : ` (${words.not_determined})`}`));
    link.append(make('span', 'mg-to', titleOf(target)));
    if (edge.worth && edge.worth !== graph.nodes.get(edge.target).worth) link.append(make('span', 'mg-said', edge.worth));
    if (edge.stated_by) {
      link.classList.add('stated');
      link.append(make('span', 'mg-said', [...edge.words.slice(1), ...edge.times.map(sayTime), ...edge.reasons].join(' · ')));
    }
    link.addEventListener('click', () => act('go', target.id));
    way.append(link);
    list.append(way);
  }
  return list;
}

/** Write a time of the ledger's form as people read it; a day stays a day. */
function sayTime(text) {
  return text.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
}

function titleOf(node) {
  const told = node.lines.filter(([kind]) => kind === 'title' || kind === 'name').map(([, text]) => text);
  return told.join(' ') || node.lines[0][1];
}
