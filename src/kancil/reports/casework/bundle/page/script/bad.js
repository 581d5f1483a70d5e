/* What is wrong, as a code with named parameters; the sentence stands in words.js. */

export class Bad extends Error {
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
    /* All that is wrong, as [code, params]; most often only this. */
    this.all = [[code, params]];
  }
}

/* Stop with a list of all that is wrong, unless it is empty. */
export function mustBeNone(wrong) {
  if (wrong.length === 0) return;
  const bad = new Bad(...wrong[0]);
  bad.all = wrong;
  throw bad;
}

/* Stop with a code unless what is said holds. */
export function must(holds, code, params = {}) {
  if (!holds) throw new Bad(code, params);
}
