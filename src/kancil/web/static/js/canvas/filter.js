// Filter by value and by time: one slider each, worked by key as any slider is. A slider stands at
// the values and times that the picture has, so that each step changes what is seen.

import { btc, fill, sayTime } from './make.js';
import { filter, stopsOf } from './view.js';

export class Filter {
  /** `told`: `preview(view)` while one slides, `keep(view)` when one lets go. */
  constructor(root, words, told) {
    this.words = words;
    this.told = told;
    this.least = root.querySelector('[data-least]');
    this.since = root.querySelector('[data-since]');
    this.until = root.querySelector('[data-until]');
    this.says = { value: root.querySelector('[data-says=value]'), time: root.querySelector('[data-says=time]') };
    this.root = root;
    for (const slider of [this.least, this.since, this.until]) {
      slider.addEventListener('input', () => this.slid(slider, told.preview));
      slider.addEventListener('change', () => this.slid(slider, told.keep));
    }
  }

  /** Stand the sliders as a view has them. */
  show(graph, view) {
    this.view = view;
    this.stops = stopsOf(graph);
    const { values, times } = this.stops;
    const { min_sat: least, since, until } = view.filter;
    setRange(this.least, values.length, values.filter((value) => value < BigInt(least)).length);
    setRange(this.since, times.length - 1, since ? times.filter((time) => time < since).length : 0);
    setRange(this.until, times.length - 1, until ? times.filter((time) => time <= until).length - 1 : times.length - 1);
    this.least.parentElement.hidden = !values.length;
    this.root.hidden = !values.length && times.length < 2;
    this.say();
  }

  slid(slider, go) {
    const [from, to] = [Number(this.since.value), Number(this.until.value)];
    if (from > to) (slider === this.since ? this.until : this.since).value = slider.value;
    const { values, times } = this.stops;
    const [at, first, last] = [Number(this.least.value), Number(this.since.value), Number(this.until.value)];
    const least = at === 0 ? '0' : String(values[at] ?? values.at(-1) + 1n);
    this.view = filter(this.view, {
      min_sat: least,
      since: first > 0 ? times[first] : null,
      until: last < times.length - 1 ? times[last] : null,
    });
    this.say();
    go(this.view);
  }

  say() {
    const { min_sat: least, since, until } = this.view.filter;
    const { times } = this.stops;
    const value = least === '0' ? this.words.filter_all : fill(this.words.filter_least, { amount: btc(least) });
    const from = (since ?? times[0] ?? '').slice(0, 10);
    const to = (until ?? times.at(-1) ?? '').slice(0, 10);
    const time = times.length ? fill(this.words.filter_time, { since: from, until: to }) : this.words.filter_no_time;
    this.says.value.textContent = value;
    this.says.time.textContent = time;
    this.least.setAttribute('aria-valuetext', value);
    this.since.setAttribute('aria-valuetext', sayTime(since ?? times[0] ?? ''));
    this.until.setAttribute('aria-valuetext', sayTime(until ?? times.at(-1) ?? ''));
  }
}

function setRange(slider, most, at) {
  slider.max = String(Math.max(0, most));
  slider.value = String(Math.max(0, at));
  slider.disabled = most < 1;
}
