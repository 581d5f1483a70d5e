/* What a trace was asked (parameters.json), read strictly; the twin of question.py beside the
   bundle's writer. */

import { must } from "./bad.js";
import { hasKeys, isObject, readJson, sameJson } from "./json.js";
import { isTime } from "./note.js";
import { policyOf } from "./policies.js";
import { isPlace, satoshi } from "./proofs.js";
import { member } from "./zip.js";

const KEYS = [
  "all_coins_ever", "asked", "direction", "hops", "last_height", "method", "method_version",
  "min_sat", "pass_services", "policies", "policy", "policy_reason", "since", "starts", "until",
];
const FORMAT = "kancil-parameters/2";
/* Parameters of version 1 have no `format` and name all members of their time (parameters_1.py). */
const POLICIES_1 = { poison: "1", haircut: "1", fifo: "1", lifo: "1" };
const STOPS_1 = [
  "whirlpool 1", "whirlpool 2", "whirlpool-tx0 1", "wasabi1 1", "wasabi2 1", "joinmarket 1",
  "equal-output 1",
];
const METHOD = "bitcoin.trace";
const METHOD_VERSION = "2";
/* Stopped at no CoinJoin, and had no `stops_at`. */
const UNSTOPPED_VERSION = "1";
const WORD = /^[a-z0-9-]{1,40}$/;
const OUTPOINT = /^[0-9a-f]{64}:(?:0|[1-9]\d{0,9})$/;

function isText(value) {
  return typeof value === "string";
}

/* Seconds since 1970 of a time with microseconds; a part of a second counts towards `up`. */
function seconds(text, up) {
  if (text === null) return null;
  const whole = Date.parse(`${text.slice(0, 19)}Z`) / 1000;
  return up && text.slice(20, 26) !== "000000" ? whole + 1 : whole;
}

function readStart(start, params) {
  must(hasKeys(start, ["outpoint", "reference", "share_sat"]), "trace-form", params);
  must(OUTPOINT.test(String(start.outpoint)) && isText(start.reference), "trace-form", params);
  const share = start.share_sat === null ? null : satoshi(start.share_sat);
  must(share !== null || start.share_sat === null, "trace-form", params);
  return { outpoint: start.outpoint, share };
}

/* Name and version of each heuristic at whose yes the trace stops; none where it was not asked. */
function readStops(value, params) {
  const named = value.stops_at;
  must(isObject(named) && value.method_version !== UNSTOPPED_VERSION, "trace-form", params);
  for (const word of Object.entries(named).flat())
    must(isText(word) && WORD.test(word), "trace-form", params);
  return named;
}

/* Members in their order, each name once. */
function mustBeListed(list, params) {
  must(Array.isArray(list), "trace-form", params);
  for (const one of list) {
    must(hasKeys(one, ["name", "version"]), "trace-form", params);
    must([one.name, one.version].every((word) => isText(word) && WORD.test(word)), "trace-form", params);
  }
  must(new Set(list.map((one) => one.name)).size === list.length, "trace-form", params);
}

/* Give name and version of each policy that was compared, in the order of the totals. */
function readPolicies(value, hasStops, params) {
  if (Object.hasOwn(value, "format")) {
    mustBeListed(value.heuristics, params);
    mustBeListed(value.policies, params);
    must((value.method_version !== UNSTOPPED_VERSION) === hasStops, "trace-form", params);
    must(value.method === METHOD && WORD.test(value.method_version), "trace-form", params);
    return value.policies;
  }
  must(isObject(value.policies) && sameJson(value.policies, POLICIES_1), "trace-form", params);
  const stops = Object.entries(hasStops ? readStops(value, params) : {});
  must(stops.every((named) => STOPS_1.includes(named.join(" "))), "trace-form", params);
  const version = hasStops ? METHOD_VERSION : UNSTOPPED_VERSION;
  must(value.method === METHOD && value.method_version === version, "trace-form", params);
  return Object.entries(POLICIES_1).map(([name, its]) => ({ name, version: its }));
}

/* What a newer Kancil asked in a form that this page does not know. */
function notKnown(value, hasStops) {
  return { parameters: value, isKnown: false, isBackward: value.direction === "backward", hasStops };
}

/* Read one trace's question. `isKnown` says whether this page computes by the same methods. */
export function readQuestion(members, number) {
  const name = `analysis/traces/${number}/parameters.json`;
  const params = { trace: number };
  const value = readJson(member(members, name), name, { canonical: true });
  const hasStops = isObject(value) && Object.hasOwn(value, "stops_at");
  must(isObject(value), "trace-form", params);
  const isFirst = !Object.hasOwn(value, "format");
  if (!isFirst && value.format !== FORMAT) return notKnown(value, hasStops);
  const keys = [...KEYS, ...(isFirst ? [] : ["format", "heuristics"]), ...(hasStops ? ["stops_at"] : [])];
  must(hasKeys(value, keys), "trace-form", params);
  must(["forward", "backward"].includes(value.direction), "trace-form", params);
  must([value.method, value.method_version, value.policy].every(isText), "trace-form", params);
  const policies = readPolicies(value, hasStops, params);
  must(policies.some((one) => one.name === value.policy), "trace-form", params);
  must(value.hops === null || (isPlace(value.hops) && value.hops >= 1), "trace-form", params);
  must([value.since, value.until].every((t) => t === null || isTime(t)), "trace-form", params);
  const reason = value.pass_services;
  must(reason === null || (isText(reason) && reason.trim() !== ""), "trace-form", params);
  const minSat = satoshi(value.min_sat);
  must(minSat !== null && Array.isArray(value.starts), "trace-form", params);
  must(value.starts.length > 0, "trace-form", params);
  return {
    parameters: value,
    isKnown:
      [METHOD_VERSION, UNSTOPPED_VERSION].includes(value.method_version) &&
      policies.every((one) => policyOf(one) !== undefined),
    policies: policies.map(policyOf),
    policy: value.policy,
    isBackward: value.direction === "backward",
    hops: value.hops,
    since: seconds(value.since, true),
    until: seconds(value.until, false),
    minSat,
    passesServices: reason !== null,
    hasStops,
    stopsAt: hasStops ? readStops(value, params) : {},
    named: value.starts.map((start) => readStart(start, params)),
  };
}
