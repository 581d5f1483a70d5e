// What each button, key and part of the panel does, by name.

import { ask } from './dialogs.js';
import { fill } from './make.js';
import { captionOf, pngOf, saveFile, svgOf } from './sheet.js';
import { paperTokens } from './style.js';
import * as views from './view.js';

const PICTURE = {
  undo: (place) => place.step('undo'),
  redo: (place) => place.step('redo'),
  fit: (place) => place.stage.fit(),
  answer: (place) => place.showAnswer(),
  larger: (place) => place.stage.zoomBy(1.25),
  smaller: (place) => place.stage.zoomBy(0.8),
  list: (place) => switchList(place),
  find: (place, id) => (id ? findBox(place, id) : place.find.open()),
  go: (place, id) => place.goTo(id),
  clear: (place) => place.stage.clear(),
  'close-panel': (place) => {
    place.stage.clear();
    place.stageHost.focus();
  },
  select: (place, id) => {
    place.stage.select(id, true);
    place.stage.reveal(id);
  },
};

const OWN = {
  hide: (place, id) => change(place, (view) => views.hide(view, place.named(id))),
  branch: (place, id) => hideBranch(place, id),
  show: (place, id) => change(place, (view) => views.unfilter(views.unhide(view, [id]), place.now.graph, id)),
  'show-all': (place) => change(place, (view) => views.unhide(view)),
  unmove: (place) => change(place, views.unmove),
  unfilter: (place) => change(place, (view) => views.filter(view, { min_sat: '0', since: null, until: null })),
  colour: (place, colour) => (views.COLOURS.includes(colour) || !colour ? change(place, (view) => views.paint(view, place.named(), colour)) : place.toSwatches()),
  group: (place, id) => makeGroup(place, id),
  ungroup: (place, id) => change(place, (view) => views.ungroup(view, id)),
  'group-go': (place, id) => place.showTogether(place.now.view.groups.find((one) => one.id === id)?.nodes ?? []),
  'path-drop': (place, at) => change(place, (view) => views.dropPath(view, at)),
  'path-go': (place, at) => place.showTogether(nodesOfPath(place, at)),
};

const ASKED = {
  toggle: (place, id) => toggle(place, id),
  expand: (place, id) => place.draw({ do: 'expand', node: id }, {}, id),
  collapse: (place, id) => place.draw({ do: 'collapse', node: id }, {}, id),
  follow: (place, id, more) => place.draw({ do: 'follow', node: id, direction: more?.direction ?? 'forward' }, {}, id),
  level: (place, level) => place.draw({ do: 'level', level }),
  add: (place) => addStarts(place),
  trace: (place, id, more) => trace(place, id, more?.direction ?? 'forward'),
  note: (place, id) => addNote(place, id),
  join: (place, id, form) => join(place, id, form),
  patterns: (place) => place.draw({ do: 'none' }, { patterns: !place.now.view.patterns }),
  clusters: (place) => place.draw({ do: 'none' }, { clusters: !place.now.view.clusters }),
  compare: (place, policy) => place.draw({ do: 'none' }, { compare: policy || null }),
  'pattern-step': (place, way) => stepPattern(place, way),
  path: (place) => switchPath(place),
  'path-name': (place) => namePath(place),
  save: (place) => save(place),
  again: async (place, trace) => tellDrafts(await place.ask(() => place.server.again(place.now.view, trace))),
  finding: (place, trace) => makeFinding(place, trace),
};

const FILES = {
  png: async (place) => saveFile(await pngOf(place.picture, paperTokens(place.stageHost), caption(place)), 'graph.png'),
  svg: (place) => saveFile(svgOf(place.picture, paperTokens(place.stageHost), caption(place)), 'graph.svg'),
  csv: (place) => send(place, place.server.urls.csv),
};

export const ACTS = { ...PICTURE, ...OWN, ...ASKED, ...FILES };

function caption(place) {
  return captionOf(place.picture, { ...place.about, title: place.untitled }, place.words);
}

/** Keep a view that the officer's own hand changed, unless nothing is different. */
function change(place, how) {
  const after = how(place.now.view);
  if (JSON.stringify(after) !== JSON.stringify(place.now.view)) place.keep(after);
}

function hideBranch(place, id) {
  const gone = place.named(id).flatMap((one) => views.branchOf(place.now.graph, one));
  change(place, (view) => views.hide(view, gone));
}

function toggle(place, id) {
  const node = place.now.graph.nodes.get(id);
  if (node?.opens) return ASKED.expand(place, id);
  if (node?.closes) return ASKED.collapse(place, id);
  place.say(place.words.fixed);
  return null;
}

function findBox(place, id) {
  place.stage.go(id);
  place.stageHost.focus();
}

/** The picture, or the list that says the same. */
function switchList(place) {
  place.twin.hidden = !place.twin.hidden;
  const isList = !place.twin.hidden;
  for (const part of [place.stageHost, place.$('[data-under]'), place.$('[data-bars]')]) part.hidden = isList;
  place.press('list', isList);
  place.refreshList();
  (isList ? place.twin : place.stageHost).focus();
}

async function makeGroup(place, id) {
  const ids = place.named(id);
  if (!ids.length) return;
  const told = await ask(place.root, 'group', { name: '' });
  if (told) change(place, (view) => views.group(view, ids, told.name, told.colour));
}

async function addStarts(place) {
  const told = await ask(place.root, 'add');
  if (!told) return;
  const done = await place.draw({ do: 'add', text: told.text });
  if (!done) return;
  place.$('[data-dialog-of=add] form').reset();
  place.stage.fit();
  if (done.rejected?.length) place.fault(done.said);
}

/** Trace on from a box: a draft, or what is recorded already, drawn with the rest. */
async function trace(place, id, direction) {
  const node = place.now.graph.nodes.get(place.named(id)[0]);
  if (!node) return;
  tellDrafts(await place.ask(() => place.server.trace(place.now.view, node.subject, direction), node.id));
}

/** Have the list of drafts asked for anew: its part of the page waits for this. */
function tellDrafts(done) {
  if (done) document.body.dispatchEvent(new Event('kancil-drafts'));
}

function stepPattern(place, way) {
  const count = place.steps.length;
  if (!count) return;
  place.patternAt = (place.patternAt + way + count) % count;
  place.around();
  place.showTogether(place.steps[place.patternAt].ids);
  place.say(place.steps[place.patternAt].name);
}

function switchPath(place) {
  place.path = place.path ? null : [];
  place.stage.path = place.path ?? [];
  place.stage.clear();
  place.around();
  place.say(place.path ? place.words.draft_path : place.words.cleared);
}

/** The path that was picked gets its name and colour; the server tells its steps with each drawing. */
async function namePath(place) {
  const told = await ask(place.root, 'path', { name: '' });
  if (!told) return;
  const outpoints = place.path;
  switchPath(place);
  await place.draw({ do: 'path', name: told.name, colour: told.colour, outpoints });
}

function nodesOfPath(place, at) {
  const told = place.now.graph.paths?.[at];
  return told?.nodes ?? [];
}

/** A note about a box: the form that notes have everywhere, with its subject filled in. */
async function addNote(place, id) {
  const node = place.now.graph.nodes.get(place.named(id)[0]);
  const { note } = place.server.urls;
  if (!node?.subject || !note) return;
  const told = await ask(place.root, 'note', { text: '' });
  if (!told) return;
  const done = await place.attempt(() => place.server.note(node.subject, told.text));
  if (done) place.panel.again(place.now.view);
}

/** Join what is ticked at a reported account, and draw the accounts that are one now as one box. */
async function join(place, id, form) {
  const count = form.querySelectorAll('[name=pair]:checked').length;
  if (!count) {
    place.fault(place.words.join_none);
    return;
  }
  const number = (one) => one?.subject?.value.split(' (')[0];
  const before = number(place.now.graph.nodes.get(id));
  if (!(await place.attempt(() => place.server.send(form)))) return;
  if (!(await place.draw({ do: 'none' }))) return;
  const after = [...place.now.graph.nodes.values()].find((one) => number(one) === before);
  if (after) place.stage.select(after.id, false);
  place.say(fill(place.words.joined, { count }));
}

/** Save a view; where somebody saved another on the same one meanwhile, both are kept and that is said. */
async function save(place) {
  const told = await ask(place.root, 'save');
  if (!told) return;
  const answer = await place.attempt(() => place.server.save(place.now.view, told.name, told.note, place.base));
  if (!answer) return;
  place.base = answer.saved.number;
  place.unsaved.forget();
  place.listViews(answer.views);
  tellDrafts(answer);
  place.say(answer.said);
  place.notice(answer.said, answer.beside.length ? 'warn' : '');
}

/** Boxes become rows of a trace from which findings are drafted. */
function makeFinding(place, trace) {
  send(place, fill(place.server.urls.finding, { trace }), place.named().join(' '));
}

/** Send the view as any form does: what comes back is a page or a file. */
function send(place, url, nodes = '') {
  const form = place.$('[data-send-form]');
  form.action = url;
  form.elements.view.value = JSON.stringify(place.now.view);
  form.elements.nodes.value = nodes;
  form.submit();
}
