// The page of the graph: reads what the server put into it and begins.
//
// <div data-canvas data-csrf="…"> beside <script type="application/json"> elements `canvas-view`,
// `canvas-graph`, `canvas-urls`, `canvas-words`, `canvas-caption`. The shapes stand in docs/formats/view.md.

import { Workplace } from './workplace.js';

function told(name) {
  return JSON.parse(document.getElementById(`canvas-${name}`).textContent);
}

for (const root of document.querySelectorAll('[data-canvas]')) {
  const [view, graph, urls, words, caption, saved, list] = ['view', 'graph', 'urls', 'words', 'caption', 'saved', 'views'].map(told);
  // Where a person may record: notes and findings.
  const { noteUrl: note, findingUrl: finding, clustersUrl: clusters } = root.dataset;
  Object.assign(urls, { clusters }, note ? { note, finding } : {});
  root.workplace = new Workplace(root, { view, graph, urls, words, caption, saved, views: list });
}
