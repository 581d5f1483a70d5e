/* Tables: UTF-8, lines ended by \n, quoting after RFC 4180, a first line that names the columns. */

import { Bad, must } from "./bad.js";
import { fromUtf8, toUtf8 } from "./bytes.js";

/* Read a table into a list of {column: cell}; the columns must be exactly these. */
export function readTable(bytes, name, columns) {
  const { head, rows } = readAnyTable(bytes, name);
  const isRight = head.length === columns.length && head.every((cell, at) => cell === columns[at]);
  must(isRight, "table-form", { name });
  return rows;
}

/* Read a table whose first line says which columns it has. */
export function readAnyTable(bytes, name) {
  const text = fromUtf8(bytes, "utf8", { place: name });
  must(text.endsWith("\n"), "table-form", { name });
  const lines = readLines(text, name);
  const columns = lines.shift();
  must(new Set(columns).size === columns.length, "table-form", { name });
  const rows = lines.map((line) => {
    must(line.length === columns.length, "table-form", { name });
    const row = Object.create(null);
    line.forEach((cell, at) => {
      row[columns[at]] = cell;
    });
    return row;
  });
  return { head: columns, rows };
}

function readLines(text, name) {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))([,\n])/y;
  const lines = [[]];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) throw new Bad("table-form", { name });
    const [, quoted, plain, end] = found;
    lines.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\n" && cell.lastIndex < text.length) lines.push([]);
  }
  return lines;
}

/* Write a table as the bundle's writer does: quotes only where a cell needs them. */
export function writeTable(columns, rows) {
  const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines = [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\n`);
  return toUtf8(lines.join(""));
}

/* Seconds since 1970 as the tables write them. */
export function timeText(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
