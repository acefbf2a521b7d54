import type { DegreeSummary, Inspection } from './inspect.js';

const barWidth = 40;

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
const share = (value: number): string => `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)}%`;

function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

const label = (from: number): string => (from < 2 ? String(from) : `${from}–${2 * from - 1}`);

function degreeLines(title: string, { mean, percentiles, histogram }: DegreeSummary): string[] {
  const most = Math.max(...histogram.map(({ nodes }) => nodes), 1);
  const width = Math.max(...histogram.map(({ from }) => label(from).length), 1);
  return [
    '',
    `${title}: mean ${number(mean)}, ${Object.entries(percentiles)
      .map(([name, degree]) => `${name} ${number(degree)}`)
      .join(', ')}`,
    ...histogram.map(({ from, nodes }) => {
      const bar = '█'.repeat(Math.max(1, Math.round((barWidth * nodes) / most)));
      return `  ${label(from).padStart(width)}  ${bar} ${number(nodes)}`;
    }),
  ];
}

function coverageLine(side: string, shares: Partial<Record<string, number>>): string {
  const parts = Object.entries(shares).map(([name, value]) => `${name} ${share(value as number)}`);
  return `${side} with ${parts.join(', ') || 'no attribute'}`;
}

/** An inspection for people, in lines of plain text. */
export function inspectionText(directory: string, found: Inspection): string {
  const { counts, order, components, memory, coverage, features, edgeColumns, relations, problems } = found;
  const dense = features.map(({ name, dimension, share: known }) => `${name} [${dimension}] ${share(known)}`);
  return [
    `${directory}: graph ${found.id}`,
    `${number(counts.pins)} pins, ${number(counts.boards)} boards, ${number(counts.edges)} edges`,
    `${number(components.count)} components; the largest has ${number(components.largest.pins)} pins and ${number(components.largest.boards)} boards`,
    `numbered by ${[...order, 'id'].join(', ')}`,
    ...degreeLines('boards of a pin', found.degrees.pins),
    ...degreeLines('pins of a board', found.degrees.boards),
    '',
    coverageLine('pins', coverage.pins),
    coverageLine('boards', coverage.boards),
    `vectors: ${dense.join(', ') || 'none'}`,
    `edges with added_at ${share(edgeColumns.added_at)}, weight ${share(edgeColumns.weight)}, section ${share(edgeColumns.section)}`,
    ...relations.map(
      ({ name, nodes, edges, share: known }) =>
        `relation ${name}: ${number(edges)} edges to ${number(nodes)} nodes, from ${share(known)} of the pins`,
    ),
    '',
    `memory to walk   ${size(memory.walk)}  = ${memory.formulas.walk}`,
    `memory to train  ${size(memory.train)}  = ${memory.formulas.train}`,
    '',
    problems.length === 0 ? 'nothing looks wrong' : 'what looks wrong',
    ...problems.map(({ what, count, advice }) => `  ${number(count)} ${what}. ${advice}`),
  ].join('\n');
}
