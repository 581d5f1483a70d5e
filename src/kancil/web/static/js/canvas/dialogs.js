// Dialogs that ask for a name, a colour, or a list of starts: the browser's own, closed by Escape.

import { make } from './make.js';
import { paintMark } from './signs.js';
import { COLOURS } from './view.js';

/** Open a dialog of the page; gives its fields when it is sent, null when it is closed. */
export function ask(root, name, values = {}) {
  const dialog = root.querySelector(`[data-dialog-of=${name}]`);
  const form = dialog.querySelector('form');
  for (const [field, value] of Object.entries(values)) if (form.elements[field]) form.elements[field].value = value;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'go' ? Object.fromEntries(new FormData(form)) : null);
    }, { once: true });
  });
}

/** Fill the places where a colour is chosen: each a colour, a shape and its name. */
export function fillSwatches(root, words, tokens) {
  for (const host of root.querySelectorAll('[data-swatches]')) {
    host.replaceChildren(...COLOURS.map((colour, at) => {
      const label = make('label', 'cv-swatch');
      const field = make('input');
      Object.assign(field, { type: 'radio', name: host.dataset.swatches, value: colour, checked: !at });
      label.append(field, markSign(colour, tokens), nameOf(colour, words));
      return label;
    }));
  }
}

/** An officer's colour as a small picture with its shape. */
export function markSign(colour, tokens) {
  const sign = make('canvas', 'cv-mark');
  Object.assign(sign, { width: 36, height: 36 });
  sign.setAttribute('aria-hidden', 'true');
  const context = sign.getContext('2d');
  context.scale(2, 2);
  paintMark(context, colour, 9, 9, tokens);
  return sign;
}

export function nameOf(colour, words) {
  return words[colour.replace('-', '_')] ?? colour;
}
