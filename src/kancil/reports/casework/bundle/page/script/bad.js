/* What is wrong, as a code with named parameters; the sentence stands in words.js. */

export class Bad extends Error {
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

/* Stop with a code unless what is said holds. */
export function must(holds, code, params = {}) {
  if (!holds) throw new Bad(code, params);
}
