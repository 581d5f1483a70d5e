/* Saved views: each is the very file that a signed entry names, and the traces that it draws are in the
   bundle, whole. A view is an officer's arrangement of a picture and proves nothing. The rules are those
   of src/kancil/reports/casework/bundle/checker/views.py. */

import { must } from "./bad.js";
import { toHex } from "./bytes.js";
import { sha256 } from "./digest.js";
import { isObject, readJson } from "./json.js";
import { member } from "./zip.js";

const FOLDER = "views/";
const FORMAT = "kancil-view/1";

function viewMember(number) {
  return `${FOLDER}${number}.json`;
}

/* The making names so many views, each once, and no others lie in the bundle. */
function mustBeNamed(members, views) {
  const isList = Array.isArray(views) && views.every((id) => typeof id === "string");
  must(isList && new Set(views).size === views.length, "views-unrecorded", {});
  const held = [...members.keys()].filter((name) => name.startsWith(FOLDER));
  const isWhole = held.length === views.length && views.every((_, at) => members.has(viewMember(at + 1)));
  must(isWhole, "views-unrecorded", {});
}

function mustBeSaved(bytes, name, body, traces) {
  const view = readJson(bytes, name, { canonical: true });
  const isView = isObject(view) && view.format === FORMAT && Array.isArray(view.sources);
  must(isView && view.sources.every(isObject), "view-form", { name });
  const isTold = typeof body.name === "string" && [body.number, body.hidden?.boxes].every(Number.isSafeInteger);
  must(isTold && toHex(sha256(bytes)) === body.sha256, "view-digest", { name });
  const drawn = view.sources.filter((one) => one.kind === "trace");
  must(drawn.every((one) => traces.has(`${one.trace} ${one.result_sha256}`)), "view-trace", { name });
}

/* Check every saved view; gives number, name and count of hidden boxes of each, as its entry states. */
export function checkViews(members, entries, { made, manifest }) {
  const { views = [], traces: shown } = made.body;
  mustBeNamed(members, views);
  const own = entries.filter((one) => one.case?.id === manifest.case);
  const saved = new Map(
    own.filter((one) => one.kind === "view.saved").map(({ body }) => [body.view, body]),
  );
  const traces = new Set(
    own
      .filter((one) => one.kind === "trace.run" && Array.isArray(shown) && shown.includes(one.body.trace))
      .map(({ body }) => `${body.number} ${body.result_sha256}`),
  );
  return views.map((id, at) => {
    const body = saved.get(id);
    must(body !== undefined, "views-unrecorded", {});
    const name = viewMember(at + 1);
    mustBeSaved(member(members, name), name, body, traces);
    return { number: body.number, name: body.name, hidden: body.hidden.boxes };
  });
}
