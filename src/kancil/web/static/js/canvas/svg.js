// A context that writes SVG for as much of a canvas as the painter uses. Words stay words; what other
// people wrote is escaped. A state's translation and scale are worked into every point.

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What XML may not hold at all is left out; what steers unseen is left to whoever wrote the words. */
export function escaped(text) {
  return String(text).replace(/[&<>"']/g, (sign) => ESCAPES[sign]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

function short(number) {
  return String(Math.round(number * 100) / 100);
}

export class SvgContext {
  constructor(width, height, measure) {
    this.size = [width, height];
    this.measure = measure;
    this.parts = [];
    this.way = '';
    this.saved = [];
    this.state = {
      fillStyle: '#000', strokeStyle: '#000', lineWidth: 1, globalAlpha: 1, font: '', dash: [],
      lineCap: 'butt', lineJoin: 'miter', textBaseline: 'alphabetic', x: 0, y: 0, zoom: 1,
    };
  }

  save() {
    this.saved.push({ ...this.state });
  }

  restore() {
    this.state = this.saved.pop() ?? this.state;
  }

  translate(x, y) {
    this.state.x += x * this.state.zoom;
    this.state.y += y * this.state.zoom;
  }

  scale(zoom) {
    this.state.zoom *= zoom;
  }

  setLineDash(dash) {
    this.state.dash = dash;
  }

  point(x, y) {
    return `${short(this.state.x + x * this.state.zoom)} ${short(this.state.y + y * this.state.zoom)}`;
  }

  length(size) {
    return short(size * this.state.zoom);
  }

  // --- ways ------------------------------------------------------------------------------------------

  beginPath() {
    this.way = '';
  }

  moveTo(x, y) {
    this.way += `M${this.point(x, y)}`;
  }

  lineTo(x, y) {
    this.way += `${this.way ? 'L' : 'M'}${this.point(x, y)}`;
  }

  bezierCurveTo(ax, ay, bx, by, x, y) {
    this.way += `C${this.point(ax, ay)} ${this.point(bx, by)} ${this.point(x, y)}`;
  }

  closePath() {
    this.way += 'Z';
  }

  /** Whole circles alone: the painter draws no others. */
  arc(x, y, r) {
    const size = this.length(r);
    this.way += `M${this.point(x - r, y)}A${size} ${size} 0 1 0 ${this.point(x + r, y)}`
      + `A${size} ${size} 0 1 0 ${this.point(x - r, y)}Z`;
  }

  roundRect(x, y, w, h, round) {
    const r = Math.min(round, w / 2, h / 2);
    const size = this.length(r);
    const corner = (px, py) => `A${size} ${size} 0 0 1 ${this.point(px, py)}`;
    this.way += `M${this.point(x + r, y)}L${this.point(x + w - r, y)}${corner(x + w, y + r)}`
      + `L${this.point(x + w, y + h - r)}${corner(x + w - r, y + h)}L${this.point(x + r, y + h)}`
      + `${corner(x, y + h - r)}L${this.point(x, y + r)}${corner(x + r, y)}Z`;
  }

  fill() {
    this.parts.push(`<path d="${this.way}" fill="${escaped(this.state.fillStyle)}"${this.alpha()}/>`);
  }

  stroke() {
    const { strokeStyle, lineWidth, dash, lineCap, lineJoin } = this.state;
    const dashes = dash.length ? ` stroke-dasharray="${dash.map((one) => this.length(one)).join(' ')}"` : '';
    this.parts.push(`<path d="${this.way}" fill="none" stroke="${escaped(strokeStyle)}" stroke-width="${this.length(lineWidth)}"`
      + ` stroke-linecap="${lineCap}" stroke-linejoin="${lineJoin}"${dashes}${this.alpha()}/>`);
  }

  fillRect(x, y, w, h) {
    const at = this.point(x, y).split(' ');
    this.parts.push(`<rect x="${at[0]}" y="${at[1]}" width="${this.length(w)}" height="${this.length(h)}"`
      + ` fill="${escaped(this.state.fillStyle)}"${this.alpha()}/>`);
  }

  alpha() {
    return this.state.globalAlpha < 1 ? ` opacity="${this.state.globalAlpha}"` : '';
  }

  // --- words -----------------------------------------------------------------------------------------

  measureText(text) {
    this.measure.font = this.state.font;
    return this.measure.measureText(text);
  }

  fillText(text, x, y) {
    const [, weight, size, family] = /^(\d+) ([\d.]+)px (.*)$/s.exec(this.state.font);
    const at = this.point(x, y).split(' ');
    const middle = this.state.textBaseline === 'middle' ? ' dominant-baseline="central"' : '';
    this.parts.push(`<text x="${at[0]}" y="${at[1]}" font-family="${escaped(family)}" font-size="${this.length(Number(size))}"`
      + ` font-weight="${weight}" fill="${escaped(this.state.fillStyle)}"${middle}>${escaped(text)}</text>`);
  }

  /** The whole file. */
  text(title, caption) {
    const [width, height] = this.size.map(short);
    return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n`
      + `<title>${escaped(title)}</title>\n<desc>${escaped(caption.join('\n'))}</desc>\n${this.parts.join('\n')}\n</svg>\n`;
  }
}

for (const name of ['fillStyle', 'strokeStyle', 'lineWidth', 'globalAlpha', 'font', 'lineCap', 'lineJoin', 'textBaseline']) {
  Object.defineProperty(SvgContext.prototype, name, {
    get() {
      return this.state[name];
    },
    set(value) {
      this.state[name] = value;
    },
  });
}
