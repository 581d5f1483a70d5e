/* The door of the page: takes files and texts, asks for the answers, shows them. */

import { breathe } from "./bytes.js";
import { checkBundle } from "./check.js";
import { isConsistencyText } from "./consistency.js";
import { announce, fillWords, forget, offerLanguages, showBusy, showResult, showUnread } from "./view.js";
import { say, speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const SMALL_BYTES = 65536;

let bundle = null;
let run = 0;

/* Shows how far a step is; a run that was overtaken by a newer one says nothing more. */
class Progress {
  constructor(file, isCurrent) {
    this.file = file;
    this.isCurrent = isCurrent;
    this.advance = this.advance.bind(this);
  }

  start(step, total) {
    [this.step, this.total, this.done, this.shown] = [step, total, 0, -1];
    if (!this.isCurrent()) return;
    announce(say("busy", { file: this.file, step: say(step), percent: "" }));
    this.show();
  }

  advance(count) {
    this.done += count;
    if (this.isCurrent()) this.show();
  }

  show() {
    const share = this.total > 0 ? Math.min(100, Math.floor((this.done * 100) / this.total)) : null;
    if (share === this.shown) return;
    this.shown = share;
    showBusy(this.file, this.step, share === null ? "" : `${share} %`);
  }
}

async function check() {
  if (bundle === null) return;
  run += 1;
  const mine = run;
  const isCurrent = () => run === mine;
  const file = bundle;
  forget();
  document.body.setAttribute("aria-busy", "true");
  const progress = new Progress(file.name, isCurrent);
  progress.start("step-zip", 0);
  await breathe();
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    if (isCurrent()) showUnread(file);
  }
  if (bytes !== undefined && isCurrent()) {
    const given = {
      fingerprint: $("fingerprint").value,
      checkpoint: $("checkpoint").value,
      consistency: $("consistency").value,
    };
    const result = await checkBundle(bytes, given, progress);
    if (isCurrent()) showResult(file, result);
  }
  if (isCurrent()) document.body.setAttribute("aria-busy", "false");
}

/* A small file is a checkpoint, or the proof that leads to a later one; its text tells. */
async function takeNotes(files) {
  for (const file of files) {
    const text = await file.text();
    $(isConsistencyText(text) ? "consistency" : "checkpoint").value = text;
  }
  await check();
}

/* Of several files dropped at once, small texts are taken as checkpoint and proof. */
async function takeFiles(files) {
  const isNote = (file) => file.size < SMALL_BYTES && !/\.zip$/i.test(file.name);
  const notes = files.filter(isNote);
  const others = files.filter((file) => !isNote(file));
  if (others.length > 0 || files.length === 1) {
    const [chosen] = others.length > 0 ? others : files;
    if (others.length > 0 || bundle === null) bundle = chosen;
  }
  if (notes.length > 0 && notes[0] !== bundle) await takeNotes(notes);
  else await check();
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
    const files = Array.from(event.dataTransfer?.files ?? []);
    if (files.length > 0) takeFiles(files);
  });
}

function start() {
  offerLanguages();
  fillWords();
  $("language").addEventListener("change", (event) => {
    speak(event.target.value);
    fillWords();
    check();
  });
  $("bundle").addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file === undefined) return;
    bundle = file;
    check();
    event.target.value = "";
  });
  $("checkpoint-file").addEventListener("change", (event) => {
    const files = Array.from(event.target.files).filter((file) => file.size < SMALL_BYTES);
    if (files.length > 0) takeNotes(files);
    event.target.value = "";
  });
  for (const id of ["fingerprint", "checkpoint", "consistency"]) $(id).addEventListener("change", check);
  $("print").addEventListener("click", () => window.print());
  $("again").addEventListener("click", check);
  watchDrops();
  document.body.setAttribute("aria-busy", "false");
}

start();
