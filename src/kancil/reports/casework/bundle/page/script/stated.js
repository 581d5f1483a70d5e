/* The statements of the unit as parts of the page: titled lists of what was written, as text only.
   Every value stands in an element that keeps its direction of writing to itself. */

import { make } from "./dom.js";
import { has, plain, say, timeShown } from "./words.js";

const MOST_ITEMS = 200;
const MOST_CONTENTS = 20;
const MOST_LINES = 200;
const LONGEST = 8000;
const LONGEST_FACT = 2000;
const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

function row(code, ...values) {
  return [make("dt", "", say(`stated-${code}`)), make("dd", "", ...values)];
}

function value(text, className = "") {
  if (text === null) return make("span", "note", say("stated-not"));
  const shown = make("bdi", className, plain(text, LONGEST_FACT));
  return text.length > LONGEST_FACT ? make("span", "", shown, cut(text)) : shown;
}

function cut(text) {
  return make("p", "note", say("stated-cut", { count: text.length }));
}

function fact(code, text, className = "") {
  return row(code, value(text, className));
}

/* Nothing where it is not stated. */
function given(code, text, className = "") {
  return text === null ? [] : fact(code, text, className);
}

/* A term of the format in plain words; one that is not known stays as it is. */
function term(family, text) {
  const key = `stated-${family}-${String(text).replaceAll(" ", "-")}`;
  return text !== null && has(key) ? say(key) : text;
}

function who(person) {
  if (person === null || !person.isOfficer) return person === null ? null : person.name;
  const [name, number] = [person.name, person.number].map((text) => text ?? say("stated-not"));
  return say("stated-officer", { name, number });
}

/* Who acted, and where a server signed for them. */
function acted({ by, signedFor }) {
  const person = who(by);
  if (signedFor === null) return person;
  const not = say("stated-not");
  return say("stated-signed-for", {
    person: person ?? not,
    server: who(signedFor.server) ?? not,
    account: signedFor.account ?? not,
    how: term("recognised", signedFor.authenticated_by) ?? not,
  });
}

function said(code, { n, at, ...whose }) {
  return [
    ...row(code, make("span", "num", say("stated-when", { n, time: timeShown(at) }))),
    ...fact("by", acted(whose)),
  ];
}

function item(title, rows) {
  return make("div", "statement", ...(title === null ? [] : [title]), make("dl", "", ...rows));
}

function heading(code, number) {
  return make("h4", "", say(code, { number: number ?? say("stated-not") }));
}

function group(code, items) {
  if (items.length === 0) return [];
  const parts = [make("h3", "", say(code)), ...items.slice(0, MOST_ITEMS)];
  const more = items.length - MOST_ITEMS;
  return more > 0 ? [...parts, make("p", "note", say("more", { count: more }))] : parts;
}

function caseItem(unit, stated) {
  const { number, title } = stated;
  const rows = [...fact("number", number), ...fact("title", title), ...fact("unit", unit)];
  return item(null, [...rows, ...said("opened", stated.said)]);
}

function basisItem(basis) {
  const tag = make("span", "tag unknown", say("state-signer-unknown"));
  const kind = term("kind", basis.kind);
  return item(make("p", "head", tag), [
    ...fact("kind", kind),
    ...fact("number", basis.number),
    ...fact("authority", basis.authority),
    ...fact("issued", basis.issued_on, "num"),
    ...fact("expires", basis.expires_on, "num"),
    ...given("return-due", basis.return_due_on, "num"),
    ...given("scope", basis.scope),
    ...given("country", basis.country),
    ...given("document", basis.document_sha256, "id"),
    ...said("said", basis.said),
  ]);
}

function contentRows(contents, code) {
  const rows = contents.slice(0, MOST_CONTENTS).flatMap((content) => {
    const [files, size] = [content.files, content.size_bytes].map((text) => text ?? say("stated-not"));
    return [
      ...row(code, make("span", "num", say("stated-size", { files, size }))),
      ...given("sha256", content.sha256, "id"),
      ...given("sha1", content.sha1, "id"),
      ...given("md5", content.md5, "id"),
      ...given("listing", content.listing_sha256, "id"),
    ];
  });
  const more = contents.length - MOST_CONTENTS;
  return more > 0 ? [...rows, ...row(code, say("more", { count: more }))] : rows;
}

function where(exhibit) {
  if (exhibit.status === null) return null;
  const not = say("stated-not");
  if (exhibit.order !== null) {
    const { authority, number, date } = exhibit.order;
    const order = [authority, number, date].map((text) => text ?? not).join(", ");
    return say("stated-where-disposed", { order });
  }
  const params = { holder: who(exhibit.holder) ?? not, kind: term("receiver", exhibit.toKind) ?? not };
  return say(`stated-where-${exhibit.status}`, params);
}

function exhibitItem(exhibit) {
  const sealed = exhibit.sealed > 0 ? row("sealed-entries", say("stated-moved", { count: exhibit.sealed })) : [];
  return item(heading("stated-exhibit", exhibit.number), [
    ...fact("title", exhibit.title),
    ...contentRows(exhibit.contents, "content"),
    ...contentRows(exhibit.removed, "removed"),
    ...fact("where", where(exhibit)),
    ...given("place", exhibit.place),
    ...(exhibit.said === null ? [] : said("said", exhibit.said)),
    ...sealed,
  ]);
}

/* The words of a finding as accepted; what is too long for a page is cut, and said to be. */
function exactText({ text, language }) {
  if (text === null) return [value(null)];
  const shown = text.split("\n").slice(0, MOST_LINES).join("\n").slice(0, LONGEST);
  const words = make("blockquote", "exact", plain(shown, LONGEST, true));
  words.dir = "auto";
  if (language !== null && LANGUAGE_TAG.test(language)) words.lang = language;
  return shown.length === text.length ? [words] : [words, cut(text)];
}

function studyItem({ number, study, version, result, said: run }) {
  const not = say("stated-not");
  const params = { number: number ?? not, study: study ?? not, version: version ?? not };
  const title = make("h4", "", make("bdi", "", plain(say("stated-study", params), LONGEST_FACT)));
  return item(title, [...fact("result", result, "id"), ...said("run", run)]);
}

function findingItem(finding) {
  const { withdrawn } = finding;
  const taken =
    withdrawn === null
      ? []
      : [...said("withdrawn", withdrawn.said), ...fact("reason", withdrawn.reason)];
  const title = withdrawn === null ? "stated-finding" : "stated-finding-withdrawn";
  return item(heading(title, finding.number), [
    ...fact("class", term("class", finding.class)),
    ...row("text", ...exactText(finding)),
    ...fact("language", finding.language),
    ...given("rests-on", finding.restsOn),
    ...said("accepted", finding.said),
    ...taken,
  ]);
}

function bundleItem({ purpose, ended, said: made, withheld }) {
  const not = say("stated-not");
  const rows = withheld.slice(0, MOST_ITEMS).flatMap(({ n, reason, sha256 }) => {
    const words = say("stated-kept-back", { n: n ?? not, reason: reason ?? not });
    return [...fact("withheld", words), ...given("withheld-sha256", sha256, "id")];
  });
  const more = withheld.length - MOST_ITEMS;
  if (more > 0) rows.push(...row("withheld", say("more", { count: more })));
  const facts = [...fact("purpose", purpose), ...given("basis-ended", ended)];
  return item(null, [...said("made", made), ...facts, ...rows]);
}

/* All parts below the title and the lead of the section. */
export function statedParts(statements) {
  const { unit, bases, exhibits, studies, findings, bundle, sealed } = statements;
  const opened = statements.case;
  return [
    ...group("stated-case", opened === null ? [] : [caseItem(unit, opened)]),
    ...group("stated-bases", bases.map(basisItem)),
    ...group("stated-exhibits", exhibits.map(exhibitItem)),
    ...group("stated-studies", studies.map(studyItem)),
    ...group("stated-findings", findings.map(findingItem)),
    ...group("stated-bundle", bundle === null ? [] : [bundleItem(bundle)]),
    ...(sealed > 0 ? [make("p", "note", say("stated-sealed", { count: sealed }))] : []),
  ];
}
