// The picture by key: along the money, among the boxes of a column, and boxes moved.

const ARROWS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
/** What an arrow means where the money goes from the top down. */
const TURNED = { down: 'right', up: 'left', right: 'down', left: 'up' };
const STEP = 20;

/** Do what a key says on a stage; other keys are left to the workplace, then to the browser. */
export function press(stage, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) nudge(stage, arrow);
  else if (arrow) walk(stage, arrow);
  else if (event.key in KEYS) KEYS[event.key](stage);
  else if (!stage.told.key(event.key)) return;
  event.preventDefault();
}

const KEYS = {
  Enter: (stage) => stage.told.toggle(stage.current),
  ' ': (stage) => stage.select(stage.current, true),
  Escape: (stage) => stage.told.escape(),
  Home: (stage) => stage.go(stage.firstShown()),
  End: (stage) => stage.go(stage.whole.order.findLast((id) => stage.shown.nodes.has(id))),
  '+': (stage) => stage.zoomBy(1.25),
  '=': (stage) => stage.zoomBy(1.25),
  '-': (stage) => stage.zoomBy(0.8),
  0: (stage) => stage.fit(),
};

/** Move what is selected, else the box one is at. A turned picture is not moved by hand. */
function nudge(stage, arrow) {
  if (stage.placed.isTurned) return;
  const [dx, dy] = { left: [-STEP, 0], right: [STEP, 0], up: [0, -STEP], down: [0, STEP] }[arrow];
  const ids = stage.selected.size ? [...stage.selected] : [stage.current];
  const places = {};
  for (const id of ids) {
    const node = stage.placed.nodes.get(id);
    if (node) places[id] = [Math.round(node.x + dx), Math.round(node.y + dy)];
  }
  stage.told.moved(places);
}

/** Right is onward with the money, however the picture is turned. */
function walk(stage, arrow) {
  const here = stage.placed.nodes.get(stage.current);
  if (!here) return;
  const way = stage.placed.isTurned ? TURNED[arrow] : arrow;
  const next = way === 'left' || way === 'right' ? alongMoney(stage, here, way) : inLayer(stage, here, way);
  if (next) stage.go(next);
  else stage.told.say(stage.words.no_neighbour);
}

/** The neighbour at the far end of the widest ribbon. */
function alongMoney({ placed, shown }, here, way) {
  const [near, far] = way === 'right' ? ['source', 'target'] : ['target', 'source'];
  let best = null;
  for (const id of shown.edges) {
    const edge = placed.edges.get(id);
    if (edge[near] === here.id && !edge.goes_back && (!best || edge.width > best.width)) best = edge;
  }
  return best?.[far];
}

function inLayer({ whole, shown }, here, way) {
  const layer = whole.order.filter((id) => shown.nodes.has(id) && whole.nodes.get(id).layer === here.layer);
  return layer[layer.indexOf(here.id) + (way === 'down' ? 1 : -1)];
}
