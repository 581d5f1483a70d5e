/* The page's parts, filled with text only: nothing that came from a file is ever read as markup. */

import { ORDER } from "./check.js";
import { make } from "./dom.js";
import { statedParts } from "./stated.js";
import { LANGUAGES, has, languageNotes, languageNow, nameOf, plain, say } from "./words.js";

const $ = (id) => document.getElementById(id);

/* A sentence in which hashes, fingerprints and file names stand in the type of identifiers. */
function sentence(key, params) {
  const element = make("span", "");
  const pieces = say(key, params).split(/((?:SHA256:)?[A-Za-z0-9+/]{40,}|[\w./-]+\.(?:json|txt|raw|base|csv|bin|jsonl|html|pem)\b)/);
  pieces.forEach((piece, at) => element.append(at % 2 === 1 ? make("span", "id", piece) : piece));
  return element;
}

export function fillWords() {
  document.documentElement.lang = languageNow();
  document.title = `${say("title")} · Kancil`;
  for (const element of document.querySelectorAll("[data-say]"))
    element.textContent = say(element.dataset.say);
  $("language-notes").replaceChildren(...languageNotes().map((note) => make("p", "note", say(...note))));
}

/* Offer the languages that the page has; nothing to choose where it has one. */
export function offerLanguages() {
  $("languages").hidden = LANGUAGES.length < 2;
  $("language").replaceChildren(
    ...LANGUAGES.map((tag) => {
      const choice = make("option", "", nameOf(tag));
      choice.value = tag;
      choice.lang = tag;
      choice.selected = tag === languageNow();
      return choice;
    }),
  );
}

export function showBusy(file, step, percent) {
  $("progress").hidden = false;
  $("progress-words").textContent = say("busy", { file, step: say(step), percent });
}

/* Say a step aloud only when it changes, not with every percent. */
export function announce(text) {
  $("live").textContent = text;
}

export function hideBusy() {
  $("progress").hidden = true;
}

function verdictWords(result) {
  if (result.verdict === "newer") {
    const [, params] = result.answers.bytes.words;
    return ["verdict-newer", say("verdict-newer-words", params)];
  }
  if (result.verdict === "incomplete" && (result.tools.digests ?? result.tools.signatures) === null)
    return ["verdict-tools", say("verdict-tools-words")];
  if (result.isOnlyZipped) return ["verdict-zipped-again", say("verdict-zipped-again-words")];
  const key = `verdict-${result.verdict}`;
  const words = [say(`${key}-words`)];
  if (result.answers.chain.hasLimits && UNCHANGED.has(result.verdict))
    words.push(say("verdict-limits"));
  return [key, words.join(" ")];
}

const UNCHANGED = new Set(["confirmed", "unchanged", "undeclared"]);
const SIGNS = { confirmed: "✓", "not-intact": "✗" };

function showVerdict(kind, title, words) {
  const box = $("verdict");
  box.dataset.verdict = kind;
  $("verdict-sign").textContent = SIGNS[kind] ?? "?";
  $("verdict-title").textContent = title;
  $("verdict-words").textContent = words;
}

function answerItem(name, answer) {
  const own = `state-${name}-${answer.state}`;
  const plainCode = has(own) ? own : `state-${answer.state}`;
  const code = answer.hasLimits ? `state-${name}-limits` : plainCode;
  const tag = make("span", `tag ${answer.hasLimits ? "unknown" : answer.state}`, say(code));
  const item = make("li", answer.hasLimits ? "answer limits" : "answer");
  item.dataset.answer = name;
  item.dataset.state = answer.state;
  const [key, params] = answer.words;
  const words = make("p", "words", sentence(key, params));
  const details = make("ul", "details");
  for (const [code, values] of answer.details) details.append(make("li", "", sentence(code, values)));
  item.append(make("div", "head", make("h3", "", say(name)), tag), words);
  if (answer.details.length > 0) item.append(details);
  return item;
}

function fact(term, ...content) {
  return [make("dt", "", say(term)), make("dd", "", ...content)];
}

function showFacts(file, result) {
  const tool = (kind) => say(`tool-${kind ?? "none"}`);
  const tools = { digests: tool(result.tools.digests), signatures: tool(result.tools.signatures) };
  const time = `${new Date().toISOString().slice(0, 19).replace("T", " ")} UTC`;
  $("facts").replaceChildren(
    ...fact("fact-file", make("span", "id", plain(file.name))),
    ...fact("fact-size", make("span", "num", say("fact-bytes", { count: grouped(file.size) }))),
    ...fact("fact-digest", make("span", "id", result.digest ?? "–")),
    ...fact("fact-when", make("span", "num", say("fact-clock", { time }))),
    ...fact("fact-tools", say("tools", tools)),
  );
}

function grouped(number) {
  return String(number).replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
}

/* An exercise is called one before anything else is said of it. */
function showTraining(isTraining) {
  $("training").hidden = !isTraining;
}

export function showResult(file, result) {
  const [title, words] = verdictWords(result);
  showTraining(result.isTraining);
  showVerdict(result.verdict, say(title), words);
  $("answers").replaceChildren(...ORDER.map((name) => answerItem(name, result.answers[name])));
  showStatements(result.statements);
  showFacts(file, result);
  $("result").hidden = false;
  hideBusy();
  const training = result.isTraining ? `${say("training")}: ${say("training-words")} ` : "";
  announce(`${training}${say("done")} ${say(title)}. ${words}`);
}

/* What the unit states, below the answers; nothing where custody was not found right. */
function showStatements(statements) {
  $("stated").hidden = statements === null;
  $("stated-parts").replaceChildren(...(statements === null ? [] : statedParts(statements)));
}

export function showUnread(file) {
  showTraining(false);
  showStatements(null);
  showVerdict("read", say("verdict-read"), say("verdict-read-words"));
  $("answers").replaceChildren();
  $("facts").replaceChildren(...fact("fact-file", make("span", "id", plain(file.name))));
  $("result").hidden = false;
  hideBusy();
  announce(say("verdict-read"));
}

export function forget() {
  $("result").hidden = true;
}
