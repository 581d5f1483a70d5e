/* The door of the page: takes the text or files, checks, shows. */

import { Bad } from "./bad.js";
import { isList, readCertificate, readList } from "./badge_read.js";
import { judge } from "./badge_verdict.js";
import { tryDigests } from "./digest.js";
import { make } from "./dom.js";
import { trySignatures } from "./signature.js";
import { has, plain, say } from "./words.js";

const $ = (id) => document.getElementById(id);
const LARGEST = 4_000_000;
const SIGNS = { confirmed: "✓", unchanged: "?", "not-intact": "✕", read: "?" };

let lists = [];
let run = 0;

function fillWords() {
  document.documentElement.lang = "en";
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
}

function showVerdict(verdict, code, params, notes) {
  $("result").hidden = false;
  $("verdict").dataset.verdict = verdict;
  $("verdict-sign").textContent = SIGNS[verdict];
  $("verdict-title").textContent = say(`${code}-title`, params);
  $("verdict-words").textContent = say(code, params);
  $("listed").replaceChildren(...notes.map((each) => make("p", "", each)));
  $("live").textContent = `${say(`${code}-title`, params)} ${say(code, params)}`;
}

function showFacts(read) {
  const { fields } = read;
  const days = fields.since === fields.until ? fields.since : `${fields.since} – ${fields.until}`;
  const achievement = say(`achievement-${fields.achievement}`, { percent: fields.passmark });
  const facts = {
    holder: fields.name,
    achievement,
    course: `${fields.title} (${fields.course} ${fields.version})`,
    hours: fields.hours,
    days,
    issuer: fields.issuer,
    issued: fields.issued.slice(0, 10),
    key: read.fingerprint,
    number: fields.id,
  };
  const rows = Object.entries(facts).flatMap(([name, value]) => [
    make("dt", "", say(`fact-${name}`)),
    make("dd", name === "key" || name === "number" ? "id" : "", plain(value)),
  ]);
  $("facts").replaceChildren(...rows);
  const marked = fields.marked.map((each) => {
    const head = make("strong", "", plain(each.title));
    const kind = has(`kind-${each.kind}`) ? say(`kind-${each.kind}`) : plain(each.kind);
    const points = each.percent === "" ? say("no-percent") : `${plain(each.percent)} %`;
    const { version, on } = each;
    return make("li", "answer", head, make("p", "words", say("marked", { kind, version, on, points })));
  });
  $("marked").replaceChildren(...marked);
  $("about").hidden = false;
}

async function check() {
  run += 1;
  const mine = run;
  const text = $("text").value;
  $("about").hidden = true;
  if (text.trim() === "") {
    $("result").hidden = true;
    return;
  }
  try {
    const read = await readCertificate(text);
    if (mine !== run) return;
    const ours = lists.filter((each) => each.fingerprint === read.fingerprint);
    const found = judge(read, $("fingerprint").value.trim(), ours, Date.now());
    const notes = [say(...found.listed)];
    if (ours.length < lists.length) notes.push(say("list-other"));
    if (found.reason !== undefined && has(found.reason)) notes.unshift(say(found.reason));
    showVerdict(found.verdict, found.code, found.params, notes);
    showFacts(read);
  } catch (error) {
    if (!(error instanceof Bad)) throw error;
    if (mine !== run) return;
    const isBroken = error.code === "badge-broken";
    const code = has(error.code) ? error.code : "badge-other";
    showVerdict(isBroken ? "not-intact" : "read", code, error.params, []);
  }
}

/* Of several files each is a certificate or a list; its text tells. */
async function takeFiles(files) {
  for (const file of files) {
    if (file.size > LARGEST) {
      showVerdict("read", "too-large", { name: file.name }, []);
      return;
    }
    const text = await file.text();
    if (!isList(text)) {
      $("text").value = text;
      continue;
    }
    try {
      lists.push(await readList(text));
    } catch (error) {
      if (!(error instanceof Bad)) throw error;
      showVerdict("read", "list-broken", { name: file.name }, []);
      return;
    }
  }
  $("lists").textContent = lists.map((each) => say("list-held", { number: each.number })).join(" ");
  await check();
}

function watchDrops() {
  const over = (isOver) => document.body.classList.toggle("over", isOver);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", () => over(false));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    takeFiles(Array.from(event.dataTransfer?.files ?? []));
  });
}

async function start() {
  fillWords();
  if ((await tryDigests()) === null || (await trySignatures()) === null) {
    showVerdict("read", "no-crypto", {}, []);
    return;
  }
  $("text").addEventListener("input", check);
  $("fingerprint").addEventListener("input", check);
  $("files").addEventListener("change", async (event) => {
    await takeFiles(Array.from(event.target.files));
    event.target.value = "";
  });
  $("again").addEventListener("click", () => {
    $("text").value = "";
    lists = [];
    $("lists").textContent = "";
    check();
    $("text").focus();
  });
  watchDrops();
  document.body.setAttribute("aria-busy", "false");
}

start();
