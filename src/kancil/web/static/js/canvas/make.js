// Making elements, and putting numbers into sentences that the server wrote.

export function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function button(className, text, act) {
  const one = make('button', className, text);
  one.type = 'button';
  one.addEventListener('click', act);
  return one;
}

/** Put parameters into a sentence: `{count} boxes`. Data stay text; nothing becomes markup. */
export function fill(sentence, params = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Satoshi as bitcoin, as everywhere else in Kancil: eight decimals, thousands grouped. */
export function btc(sat) {
  const value = BigInt(sat);
  const digits = String(value < 0n ? -value : value).padStart(9, '0');
  const whole = digits.slice(0, -8).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0n ? '−' : ''}${whole}.${digits.slice(-8)} BTC`;
}

/** Write a time of the ledger's form as people read it; a day stays a day. */
export function sayTime(text) {
  return text.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
}

/** Give a node's words as one sentence. */
export function sayNode(node) {
  return node.lines.map(([, text]) => text).join(', ');
}
