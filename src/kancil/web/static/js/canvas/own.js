// What stands in the panel beside what is selected: acts on several boxes, and the officer's own
// groups, paths and hidden boxes, each of which can be found, shown again or taken away.

import { btc, button, fill, make, sayNode, sayTime } from './make.js';
import { markSign, nameOf } from './dialogs.js';
import { COLOURS } from './view.js';

/** Acts on the boxes that are selected. */
export function selectionPanel(ids, { graph, view }, words, act, { canRecord }) {
  const traces = view.sources.filter((one) => one.kind === 'trace').map((one) => one.trace);
  const box = make('div', 'cv-own');
  box.append(make('h2', '', fill(words.selected_many, { count: ids.length })));
  const list = make('ul');
  for (const id of ids.slice(0, 12)) {
    const row = make('li');
    row.append(button('', sayNode(graph.nodes.get(id)), () => act('go', id)));
    list.append(row);
  }
  const acts = make('div', 'cv-acts');
  acts.append(
    button('btn', words.group, () => act('group')),
    button('btn', words.hide, () => act('hide')),
    button('btn', words.hide_branch, () => act('branch')),
    button('btn', words.clear, () => act('clear')),
  );
  for (const trace of canRecord ? traces : []) {
    const label = traces.length > 1 ? `${words.finding} (T${trace})` : words.finding;
    acts.append(button('btn main', label, () => act('finding', trace)));
  }
  box.append(list, acts, swatches(words.colour, words, act));
  return box;
}

/** The six colours and none, as buttons. */
export function swatches(heading, words, act) {
  const row = make('div', 'cv-swatches');
  row.setAttribute('role', 'group');
  row.setAttribute('aria-label', heading);
  for (const colour of COLOURS) {
    const one = button('cv-swatch', undefined, () => act('colour', colour));
    one.append(markSign(colour, act.tokens()));
    one.title = nameOf(colour, words);
    one.append(make('span', 'away', one.title));
    row.append(one);
  }
  row.append(button('cv-swatch', words.colour_none, () => act('colour', '')));
  return row;
}

/** The officer's own: paths, groups, and what is hidden. */
export function fillOwn(host, picture, words, act) {
  const { graph, view } = picture;
  const parts = [];
  if (view.paths.length) {
    parts.push(section(words.paths, view.paths.map((path, at) =>
      row(path.colour, `${at + 1} ${path.name}`, words, act, [['path-go', at], [words.drop, 'path-drop', at]], stepsOf(path, graph.paths?.[at], words)))));
  }
  if (view.groups.length) {
    parts.push(section(words.groups, view.groups.map((group) =>
      row(group.colour, fill(words.group_of, { name: group.name, count: group.nodes.length }), words, act,
        [['group-go', group.id], [words.ungroup, 'ungroup', group.id]]))));
  }
  const hidden = view.hidden.filter((id) => graph.nodes.has(id));
  if (hidden.length) {
    parts.push(section(fill(words.hidden, { count: hidden.length }), hidden.slice(0, 50).map((id) =>
      row('', sayNode(graph.nodes.get(id)), words, act, [['show', id], [words.show, 'show', id]]))));
  }
  host.replaceChildren(...parts);
}

function section(heading, rows) {
  const part = make('section');
  const list = make('ul');
  list.append(...rows);
  part.append(make('h3', '', heading), list);
  return part;
}

function row(colour, text, words, act, [[first, value], [label, other, at]], below) {
  const item = make('li');
  const name = button('', text, () => act(first, value));
  if (colour) name.prepend(markSign(colour, act.tokens()), ' ');
  item.append(name, button('btn bare', label, () => act(other, at)));
  if (below) item.append(below);
  return item;
}

/** The outputs of a path in their order, in full, with amount and time: to be read, copied, printed. */
function stepsOf(path, told, words) {
  const details = make('details');
  const steps = make('ol');
  const known = new Map((told?.steps ?? []).map((step) => [step.outpoint, step]));
  for (const outpoint of path.outpoints) {
    const step = known.get(outpoint);
    const row = make('li');
    row.append(make('span', 'id', outpoint));
    if (step?.value_sat) row.append(make('div', '', btc(step.value_sat)));
    if (step?.time) row.append(make('div', 'quiet', sayTime(step.time)));
    steps.append(row);
  }
  details.append(make('summary', '', fill(words.path_outputs, { count: path.outpoints.length })), steps);
  return details;
}
