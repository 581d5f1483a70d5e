/* What the unit states in the shown entries: its case, legal bases, exhibits, studies, findings, and why this
   bundle was made. Read only after custody was found right. A body may still hold anything, so
   whatever is not a text or a whole number counts as not stated (null). The rules are those of
   src/kancil/reports/casework/bundle/statements.py. */

import { isObject } from "./json.js";

const STATUS_AFTER = new Map([
  ["exhibit.stored", "held"],
  ["exhibit.opened", "held"],
  ["exhibit.deposited", "deposited"],
  ["exhibit.returned", "returned"],
  ["exhibit.disposed", "disposed"],
]);
const BASIS = [
  "kind", "number", "authority", "issued_on", "expires_on", "return_due_on", "scope", "country",
  "document_sha256",
];
const CONTENT = ["files", "size_bytes", "sha256", "sha1", "md5", "listing_sha256"];
const ORDER = ["authority", "number", "date"];

function textOf(value) {
  const isText = typeof value === "string" || typeof value === "number";
  return isText && String(value).trim() !== "" ? String(value) : null;
}

function fieldsOf(value, names) {
  const stated = isObject(value) ? value : {};
  return Object.fromEntries(names.map((name) => [name, textOf(stated[name])]));
}

function contentOf(value) {
  return fieldsOf(value, CONTENT);
}

/* Kinds that record a result: key of its id, and the letter before its number. */
const RUNS = new Map([["trace.run", ["trace", "T"]], ["study.run", ["study", "S"]]]);

class Reader {
  constructor(entries, caseId, proofs, made) {
    Object.assign(this, { entries, caseId, made });
    const shown = new Set(entries.map((entry) => entry.hash));
    this.officers = new Map();
    this.servers = new Set();
    this.exhibits = new Map();
    for (const [id, list] of Object.entries(proofs.exhibits))
      this.exhibits.set(id, this.blank(list.filter((hash) => !shown.has(hash)).length));
    const listed = new Set([...proofs.case, ...Object.values(proofs.exhibits).flat()]);
    this.found = { unit: null, case: null, bases: [], studies: [], findings: [], bundle: null };
    /* Short number by id and digest of each recorded result. */
    this.runs = new Map();
    this.sealed = new Set([...listed].filter((hash) => !shown.has(hash)));
    this.found.sealed = this.sealed.size;
  }

  blank(sealed) {
    const nothing = { number: null, title: null, status: null, holder: null, toKind: null };
    return { ...nothing, place: null, order: null, said: null, sealed, contents: [], removed: [] };
  }

  read() {
    for (const entry of this.entries) {
      if (entry.kind === "unit.founded") this.found.unit = textOf(entry.body.name);
      if (entry.kind === "officer.added") this.takeOfficer(entry.body);
      if (entry.case !== null && entry.case.id === this.caseId) this.take(entry);
    }
    return { ...this.found, exhibits: [...this.exhibits.values()] };
  }

  takeOfficer(body) {
    const { name, number } = fieldsOf(body, ["name", "number"]);
    this.officers.set(body.officer, { name, number, isOfficer: true });
    if (body.role === "server") this.servers.add(body.officer);
  }

  take(entry) {
    const { kind, body } = entry;
    const said = this.saidIn(entry);
    if (kind === "case.opened") this.found.case = { ...fieldsOf(body, ["number", "title"]), said };
    if (kind === "case.opened" || kind === "case.basis-added")
      this.found.bases.push({ ...fieldsOf(body.basis, BASIS), said });
    else if (RUNS.has(kind)) this.takeRun(kind, body, said);
    else if (kind === "finding.accepted")
      this.found.findings.push({
        ...fieldsOf(body, ["finding", "number", "class", "text", "language"]), said, withdrawn: null,
        restsOn: this.runOf(body),
      });
    else if (kind === "finding.withdrawn") this.takeWithdrawal(body, said);
    else if (kind === "bundle.made") {
      if (entry === this.made) this.found.bundle = this.bundleOf(body, said);
    } else if (entry.exhibit !== null) {
      const { id } = entry.exhibit;
      if (!this.exhibits.has(id)) this.exhibits.set(id, this.blank(0));
      this.takeExhibit(this.exhibits.get(id), entry, said);
    }
  }

  /* What is kept back counts only where it is indeed sealed. */
  bundleOf(body, said) {
    const rows = Array.isArray(body.withheld) ? body.withheld : [];
    const withheld = rows
      .map((one) => fieldsOf(one, ["n", "reason", "sha256"]))
      .filter(({ sha256 }) => this.sealed.has(sha256));
    const { purpose, basis_ended_on: ended } = fieldsOf(body, ["purpose", "basis_ended_on"]);
    return { purpose, ended, said, withheld };
  }

  takeRun(kind, body, said) {
    const [key, letter] = RUNS.get(kind);
    const { [key]: id, number, result_sha256: result } = fieldsOf(body, [key, "number", "result_sha256"]);
    if (id !== null && result !== null) this.runs.set(`${id} ${result}`, `${letter}${number ?? "?"}`);
    if (kind !== "study.run") return;
    const { method, version } = fieldsOf(body.provenance, ["method", "version"]);
    this.found.studies.push({ number, study: method, version, result, said });
  }

  /* The trace or study whose recorded result a finding names. */
  runOf(body) {
    const { trace, result_sha256: result } = fieldsOf(body, ["trace", "result_sha256"]);
    return this.runs.get(`${trace} ${result}`) ?? null;
  }

  takeWithdrawal(body, said) {
    const { finding, reason } = fieldsOf(body, ["finding", "reason"]);
    for (const one of this.found.findings)
      if (finding !== null && one.finding === finding) one.withdrawn ??= { reason, said };
  }

  takeExhibit(exhibit, { kind, body, exhibit: link }, said) {
    if (kind === "exhibit.seized" || kind === "exhibit.added") {
      exhibit.number ??= textOf(body.number);
      exhibit.title ??= textOf(body.title);
    }
    if (kind === "exhibit.added" || kind === "exhibit.acquired")
      exhibit.contents.push(contentOf(body.content));
    exhibit.place = textOf(body.place) ?? exhibit.place;
    if (link.n === 1) {
      exhibit.status = "held";
      exhibit.holder = "seized_by" in body ? this.person(body.seized_by) : said.by;
    } else if (kind === "exhibit.transferred") {
      exhibit.toKind = textOf(body.to_kind);
      exhibit.status = exhibit.toKind === "officer" ? "held" : "away";
      exhibit.holder = this.person(body.to);
    } else if (STATUS_AFTER.has(kind)) {
      exhibit.status = STATUS_AFTER.get(kind);
      this.takeWhereabouts(exhibit, kind, body);
    } else return;
    exhibit.said = said;
  }

  takeWhereabouts(exhibit, kind, body) {
    if (kind === "exhibit.deposited" || kind === "exhibit.returned") {
      exhibit.holder = this.person(body.to);
      exhibit.toKind = null;
    } else if (kind === "exhibit.disposed") {
      const removed = Array.isArray(body.tombstone) ? body.tombstone.map(contentOf) : [];
      const order = fieldsOf(body.order, ORDER);
      Object.assign(exhibit, { holder: null, toKind: null, place: null, order, removed, contents: [] });
    }
  }

  /* Who acted: the officer, or the person for whom a server says that it signed. What any other
     officer says of acting for somebody is not heard. */
  saidIn({ n, at, officer, body }) {
    const signer = this.person(officer);
    const behalf = body.on_behalf;
    if (!this.servers.has(officer) || !isObject(behalf)) return { n, at, by: signer, signedFor: null };
    const named = fieldsOf(behalf, ["account", "authenticated_by"]);
    const by = this.person(behalf.officer) ?? this.person(named.account);
    return { n, at, by, signedFor: { server: signer, ...named } };
  }

  /* The officer of an id, else whoever is named. */
  person(value) {
    const name = textOf(value);
    if (name === null) return null;
    return this.officers.get(name) ?? { name, number: null, isOfficer: false };
  }
}

/* `made`: the entry that records the making of this bundle. */
export function statementsOf(entries, caseId, proofs, made) {
  return new Reader(entries, caseId, proofs, made).read();
}
