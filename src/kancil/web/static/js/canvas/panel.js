// The side panel: what a box is, told by the server, and what can be done with it, here and there.

import { button, make } from './make.js';
import { fillOwn, selectionPanel, swatches } from './own.js';

export class Panel {
  constructor(root, server, words, act, options) {
    Object.assign(this, { root, server, words, act, options });
    this.body = root.querySelector('[data-panel-body]');
    this.own = root.querySelector('[data-own]');
    this.asked = 0;
    this.body.addEventListener('click', (event) => {
      const one = event.target.closest('[data-canvas-act]');
      if (!one || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.act(one.dataset.canvasAct, this.node?.id, one.dataset);
    });
    this.body.addEventListener('click', (event) => {
      const form = event.target.closest('[data-tick-all]')?.form;
      for (const one of form?.querySelectorAll('[type=checkbox]') ?? []) one.checked = true;
    });
    this.body.addEventListener('submit', (event) => {
      event.preventDefault();
      this.act('join', this.node?.id, event.target);
    });
  }

  /** Show what is selected: nothing, one box, several. */
  async show(ids, picture) {
    const { graph } = picture;
    fillOwn(this.own, picture, this.words, this.act);
    this.asked += 1;
    this.root.classList.toggle('sheet-up', ids.length > 0);
    if (ids.length !== 1) {
      this.node = null;
      this.body.replaceChildren(ids.length
        ? selectionPanel(ids, picture, this.words, this.act, this.options)
        : make('p', 'quiet', this.words.select_first));
      return;
    }
    const node = graph.nodes.get(ids[0]);
    const isSame = this.node?.id === node.id;
    this.node = node;
    if (!isSame) this.fill(node, this.told(node));
    if (!node.subject || !this.server.urls.panel) return;
    await this.fetch(node, picture.view);
  }

  /** Ask anew for what stands here, as after a note. */
  again(view) {
    if (this.node) this.fetch(this.node, view);
  }

  async fetch(node, view) {
    const { asked } = this;
    this.root.setAttribute('aria-busy', 'true');
    try {
      const text = await this.server.panel(node.subject, view);
      if (asked !== this.asked) return;
      const parts = new DOMParser().parseFromString(text, 'text/html');
      this.fill(node, [...parts.querySelectorAll('[data-canvas-subject]')].map((one) => document.importNode(one, true)));
      this.options.arrived?.();
      this.later(asked);
    } catch (error) {
      if (!error.message || asked !== this.asked) return;
      this.fill(node, [...this.told(node), make('p', 'cv-refusal', error.message)]);
    } finally {
      if (asked === this.asked) this.root.removeAttribute('aria-busy');
    }
  }

  /** What takes the server longer comes when the panel stands; where it does not come, nothing is said. */
  async later(asked) {
    const host = this.body.querySelector('[data-canvas-later]');
    const text = host && await this.server.part(host.dataset.canvasLater).catch(() => '');
    if (!text || asked !== this.asked) return;
    const parts = new DOMParser().parseFromString(text, 'text/html');
    host.replaceChildren(...[...parts.body.children].map((one) => document.importNode(one, true)));
  }

  fill(node, parts) {
    this.body.replaceChildren(...parts);
    this.body.append(this.acts(node));
  }

  /** What the graph itself tells of a box, until the server has told more, or where it does not. */
  told(node) {
    const [first, ...rest] = node.lines.map(([, text]) => text);
    const ids = [node.txid, node.outpoint, node.address].filter(Boolean);
    return [
      make('h2', '', first),
      ...ids.map((one) => make('p', 'id', one)),
      ...[...rest, ...(node.reasons ?? [])].map((text) => make('p', 'quiet', text)),
    ];
  }

  /** What is done to the picture alone; what the server's part offers already is not said twice. */
  acts(node) {
    const box = make('div', 'cv-own');
    const grid = make('div', 'cv-acts');
    const offered = [
      [node.opens ? 'toggle' : '', this.words.open], [!node.opens && node.closes ? 'toggle' : '', this.words.fold],
      ['hide', this.words.hide], ['branch', this.words.hide_branch], ['group', this.words.group],
    ];
    for (const [name, label] of offered) {
      if (!name || this.body.querySelector(`[data-canvas-act=${name}]`)) continue;
      grid.append(button('btn', label, () => this.act(name, node.id)));
    }
    box.append(grid, swatches(this.words.colour, this.words, this.act));
    return box;
  }
}
