// The small bars over the picture: what is hidden, what differs, the path that is picked, the pattern
// one stands at. Each says how much, and has the one button that changes it.

import { button, fill, make } from './make.js';
import { isDifferent } from './paint.js';

/** A bar with a sentence and buttons: [[words, what is called], …]. */
function bar(text, buttons, kind = '') {
  const box = make('p', `cv-bar ${kind}`.trim());
  box.append(make('span', '', text));
  for (const [label, go] of buttons) box.append(button('', label, go));
  return box;
}

/** All bars that this picture needs. */
export function fillBars(host, picture, words, act, { pattern, clusters }) {
  const { graph, shown, view, path } = picture;
  const bars = [];
  if (path) bars.push(pathBar(path, words, act));
  if (view.patterns && pattern) bars.push(patternBar(pattern, words, act));
  if (shown.hidden) bars.push(bar(fill(words.hidden, { count: shown.hidden }), [[words.show, () => act('show-all')]]));
  if (shown.filtered) bars.push(bar(fill(words.filtered, { count: shown.filtered }), [[words.clear, () => act('unfilter')]]));
  const differ = view.compare ? graph.order.filter((id) => isDifferent(graph.nodes.get(id).amount)).length : 0;
  if (view.compare) bars.push(bar(fill(words.differ, { count: differ }), [[words.clear, () => act('compare', '')]]));
  if (graph.without_clusters) bars.push(clustersBar(words, fill(clusters, { chain: encodeURIComponent(graph.chain) })));
  host.replaceChildren(...bars);
}

function pathBar(path, words, act) {
  const text = path.length ? fill(words.path_step, { count: path.length }) : words.path_empty;
  const buttons = [[words.path_cancel, () => act('path')]];
  if (path.length > 1) buttons.unshift([words.path_done, () => act('path-name')]);
  return bar(text, buttons);
}

function patternBar({ at, steps }, words, act) {
  if (!steps.length) return bar(words.find_none, [[words.clear, () => act('patterns')]]);
  const text = fill(words.pattern_at, { at: at + 1, count: steps.length, name: steps[at].name });
  return bar(text, [[words.previous, () => act('pattern-step', -1)], [words.next, () => act('pattern-step', 1)]], 'warn');
}

/** That clusters are not made, and the page that makes them. */
function clustersBar(words, url) {
  const box = bar(words.no_clusters, [], 'warn');
  const link = make('a', '', words.make_clusters);
  link.href = url;
  box.append(link);
  return box;
}

/** Each place where a pattern is drawn, in the order of the list beside. */
export function patternSteps(graph) {
  return (graph.findings ?? []).flatMap((group) => group.rows
    .filter((row) => row.nodes.length)
    .map((row) => ({ name: `${group.title} · ${row.title}`, ids: row.nodes.map(([id]) => id) })));
}
