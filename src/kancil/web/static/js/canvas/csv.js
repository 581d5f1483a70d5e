// What is shown as a table: a row for each ribbon, then the caption. No cell runs as a formula.

import { sayNode } from './make.js';
import { timesOf } from './view.js';

const COLUMNS = ['from', 'to', 'amount', 'value_sat', 'lower_sat', 'upper_sat', 'determined', 'reported_by',
  'first_time', 'last_time', 'labels', 'reasons', 'value_at_block_time', 'from_box', 'to_box'];

/** The table of a picture, as spreadsheets read it: UTF-8 with its mark, lines ended as RFC 4180 has them. */
export function writeCsv({ graph, shown }, caption) {
  const rows = [...shown.edges].map((id) => rowOf(graph.edges.get(id), graph));
  const lines = [COLUMNS, ...rows, [], ...caption.map((text) => [text])];
  const text = lines.map((cells) => cells.map(cellOf).join(',')).join('\r\n');
  return new Blob(['\ufeff', text, '\r\n'], { type: 'text/csv;charset=utf-8' });
}

function rowOf(edge, graph) {
  const [source, target] = [graph.nodes.get(edge.source), graph.nodes.get(edge.target)];
  const times = timesOf(edge, graph);
  const { amount = {} } = edge;
  return [
    nameOf(source), nameOf(target), edge.told, amount.value_sat, amount.lower_sat, amount.upper_sat,
    edge.stated_by ? '' : amount.determined ? 'yes' : 'no', edge.stated_by, times[0], times.at(-1),
    labelsOf(source, target), edge.reasons?.join('; '), edge.worth, source.id, target.id,
  ];
}

function nameOf(node) {
  return node.txid || [node.outpoint, node.address].filter(Boolean).join(' ') || sayNode(node);
}

function labelsOf(...nodes) {
  const told = nodes.flatMap((node) => node.labels ?? []).map((one) => `${one.label} (${one.publisher})`);
  return [...new Set(told)].join('; ');
}

/** A cell: quoted where it must be; what a spreadsheet would run begins with a mark that stops it. */
function cellOf(value) {
  const text = String(value ?? '').replace(/[\r\n]+/g, ' ');
  const plain = /^[=+\-@\t]/.test(text) && !/^-?\d+$/.test(text) ? `'${text}` : text;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
