/* Every sentence of this page, in each language that has them: words/<language>.json, joined by the
   build. The page takes the first language of the browser that it has, or the one that is chosen; a
   sentence that a language lacks is said in English, and the page tells how many there are. {name} is
   filled in. Where a number changes the sentence, there is one for each plural form of the language,
   as Intl.PluralRules names them; {count} decides. */

import { WORDS } from "./catalogue.js";

/* Control characters and marks that turn the direction of writing could make a text look like
   another; they are shown as what they are. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;
/* Scripts without spaces between words mark the ends of words and syllables by these. */
const JOINED = /[\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Thai}]/u;
const JOINERS = /[\u200B-\u200D]/;
const LONGEST = 160;

/* `hasLines`: line ends are shown as line ends. */
export function plain(value, longest = LONGEST, hasLines = false) {
  const text = String(value);
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replaceAll(HIDDEN, (sign, at) => {
    if (hasLines && sign === "\n") return sign;
    if (JOINERS.test(sign) && JOINED.test(cut[at - 1] ?? "")) return sign;
    return `⟨${sign.codePointAt(0).toString(16).toUpperCase()}⟩`;
  });
}

/* A time of the format as people read it; a part of a second is left out. */
export function timeShown(text) {
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

const ENGLISH = "en";
const ENGLISH_PLURALS = new Intl.PluralRules(ENGLISH);
export const LANGUAGES = Object.keys(WORDS);

/* The languages of the browser, without their regions. */
function wanted() {
  return (navigator.languages ?? []).map((tag) => tag.split("-")[0].toLowerCase());
}

let language = wanted().find((tag) => Object.hasOwn(WORDS, tag)) ?? ENGLISH;
let plurals = new Intl.PluralRules(language);

export function languageNow() {
  return language;
}

export function speak(tag) {
  language = Object.hasOwn(WORDS, tag) ? tag : ENGLISH;
  plurals = new Intl.PluralRules(language);
}

/* What is to be said of the language itself: nothing of English that was asked for. */
export function languageNotes() {
  if (language === ENGLISH) {
    const [first = ENGLISH] = wanted();
    return Object.hasOwn(WORDS, first) ? [] : [["language-none", {}]];
  }
  const count = Object.keys(WORDS.en).filter((key) => !Object.hasOwn(WORDS[language], key)).length;
  const partly = count > 0 ? [["language-partly", { count }]] : [];
  return [["language-unreviewed", {}], ...partly];
}

/* The name of a language in itself; its tag where the browser has none. */
export function nameOf(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/* The sentence of a key, with its parameters filled in as plain text. */
export function say(key, params = {}) {
  const isHere = Object.hasOwn(WORDS[language], key);
  const found = isHere ? WORDS[language][key] : WORDS.en[key];
  if (found === undefined) return key;
  const rules = isHere ? plurals : ENGLISH_PLURALS;
  const form = typeof found === "string" ? found : found[rules.select(Number(params.count))];
  return (form ?? found.other).replaceAll(/\{([a-z]+)\}/g, (_, name) => plain(params[name] ?? ""));
}

export function has(key) {
  return Object.hasOwn(WORDS.en, key);
}
