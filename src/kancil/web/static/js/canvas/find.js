// Find on the picture: what is typed is looked for in all that a box says, and one steps through.

import { fill, sayNode } from './make.js';

export class Find {
  constructor(root, words, told) {
    this.root = root;
    this.words = words;
    this.told = told;
    this.field = root.querySelector('input');
    this.count = root.querySelector('[data-count]');
    this.at = -1;
    this.field.addEventListener('input', () => this.look());
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.step(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape') this.close();
      else return;
      event.preventDefault();
    });
    root.querySelector('[data-previous]').addEventListener('click', () => this.step(-1));
    root.querySelector('[data-next]').addEventListener('click', () => this.step(1));
    root.querySelector('[data-close-find]').addEventListener('click', () => this.close());
  }

  open() {
    this.root.hidden = false;
    this.field.focus();
    this.field.select();
  }

  close() {
    this.root.hidden = true;
    this.told.closed();
  }

  look() {
    const wanted = this.field.value.trim().toLowerCase();
    this.found = wanted ? findNodes(this.told.graph(), wanted) : [];
    this.at = -1;
    this.step(1);
  }

  step(way) {
    if (this.found?.length) {
      this.at = (this.at + way + this.found.length) % this.found.length;
      this.told.go(this.found[this.at]);
    }
    const typed = this.field.value.trim();
    const said = this.found?.length
      ? fill(this.words.find_at, { at: this.at + 1, count: this.found.length })
      : this.words.find_none;
    this.count.textContent = typed ? said : '';
  }
}

/** The boxes that say a text, in the order of the picture; whole identifiers and labels too. */
export function findNodes(graph, wanted) {
  return graph.order.filter((id) => {
    const node = graph.nodes.get(id);
    const labels = (node.labels ?? []).flatMap((label) => [label.label, label.publisher, label.category]);
    const told = [sayNode(node), node.txid, node.outpoint, node.address, node.subject?.value, ...labels];
    return told.some((text) => text?.toLowerCase().includes(wanted));
  });
}
