import type { PruningResult } from '../pipeline/graphs/prune-directory.js';

const number = (value: number): string => value.toLocaleString('en-US');
const share = (part: number, whole: number): string => `${((100 * part) / (whole || 1)).toFixed(1)}%`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** What pruning did, for people. */
export function pruningText({
  edges,
  boards,
  pins,
  cut,
  bytes,
  stranded,
  topics,
  degrees,
  cost,
}: PruningResult): string {
  const origin = topics.source === 'attribute' ? 'the attribute topic' : 'communities of the graph';
  const width = Math.max(...degrees.map(({ from }) => number(from).length), 1);
  const lines = [
    `pruned by ${number(topics.count)} topics, from ${origin}`,
    `  ${number(boards.dropped)} boards of mixed topics lost all ${number(boards.edges)} edges`,
    `  ${number(pins.dropped)} pins of low quality lost all ${number(pins.edges)} edges`,
    `  ${number(cut.pins)} pins lost ${number(cut.edges)} edges to boards that fit them least`,
    `  ${number(stranded)} pins are left without an edge: walks no longer reach them`,
    `  ${number(edges.after)} of ${number(edges.before)} edges stay (${share(edges.after, edges.before)}); ` +
      `in memory ${mebibytes(bytes.after)} instead of ${mebibytes(bytes.before)}`,
    '',
    'edges kept, by the boards a pin was on',
    ...degrees.map(
      ({ from, pins: count, before, after }) =>
        `  ${number(from).padStart(width)} and more  ${share(after, before).padStart(6)}  of ${number(before)}, ${number(count)} pins`,
    ),
  ];
  if (cost === undefined) return lines.join('\n');
  return [
    ...lines,
    '',
    `hidden pins found again by walks of ${number(cost.steps)} steps, ${number(cost.boards)} boards, ${share(cost.edgeFraction, 1)} hidden`,
    ...Object.entries(cost.measures).map(
      ([name, { before, after, error }]) =>
        `  ${name.padEnd(13)} ${before.toFixed(4)} whole  ${after.toFixed(4)} pruned  ${after < before ? '' : '+'}${(after - before).toFixed(4)} ± ${error.toFixed(4)}`,
    ),
  ].join('\n');
}
