/* The one form of a certificate: filled from its fields, and read back into them, as Kancil's
   training/badges/template.py does. {name} stands for a field; $each repeats its $item, $if leaves
   it out where a field is empty, and so is a member that is nothing but an empty field. */

import { isObject } from "./json.js";

const GAP = /\{([a-z]+)\}/g;
const ONE_GAP = /^([^{]*)\{([a-z]+)\}([^{]*)$/;
const ONLY_GAP = /^\{([a-z]+)\}$/;

function field(fields, name) {
  const value = fields[name];
  if (typeof value !== "string") throw new TypeError(name);
  return value;
}

const inside = (form) => (isObject(form) && "$if" in form ? form.$item : form);

function isThere(form, fields) {
  return !(isObject(form) && "$if" in form && fields[form.$if] === "");
}

function isEmpty(form, fields) {
  const found = typeof form === "string" ? ONLY_GAP.exec(form) : null;
  return found !== null && fields[found[1]] === "";
}

/* Throws a TypeError for a gap that has no field. */
export function fill(form, fields) {
  if (typeof form === "string") return form.replace(GAP, (_, name) => field(fields, name));
  if (Array.isArray(form)) {
    return form.filter((each) => isThere(each, fields)).map((each) => fill(inside(each), fields));
  }
  if (!isObject(form)) return form;
  if ("$each" in form) {
    return fields[form.$each].map((each, at) =>
      fill(form.$item, { ...fields, ...each, number: String(at + 1) }),
    );
  }
  const filled = {};
  for (const [name, each] of Object.entries(form)) {
    if (!isEmpty(each, fields)) filled[name] = fill(each, fields);
  }
  return filled;
}

/* Take into `into` what stands in the gaps; what has another form is passed over. */
export function gather(form, value, into) {
  if (typeof form === "string" && typeof value === "string") {
    const found = ONE_GAP.exec(form);
    if (found === null || found[2] in into) return;
    const [, before, name, after] = found;
    if (value.length < before.length + after.length) return;
    if (!value.startsWith(before) || !value.endsWith(after)) return;
    into[name] = value.slice(before.length, value.length - after.length);
  } else if (Array.isArray(form) && Array.isArray(value)) {
    form.slice(0, value.length).forEach((part, at) => gather(inside(part), value[at], into));
  } else if (isObject(form) && "$each" in form && Array.isArray(value)) {
    into[form.$each] ??= value.map(() => Object.create(null));
    const items = into[form.$each];
    value.slice(0, items.length).forEach((each, at) => gather(form.$item, each, items[at]));
  } else if (isObject(form) && isObject(value)) {
    for (const [name, part] of Object.entries(form)) gather(part, value[name], into);
  }
}
