import { refuseExisting } from '../../data/whole-directory.js';
import { BoardwalkError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { refusePending } from '../../graph/live/pending.js';
import { openGraph } from '../../graph/open.js';
import { holdOutLatest } from '../../graph/split-by-time.js';
import { holdOutEdges } from '../../graph/split.js';
import { withDefaults } from '../../with-defaults.js';
import { type SplitCounts, splitFolder, splitGraph } from './split-graph.js';

/** By `board`: some pins of each board. By `time`: the latest edges. By `cold`: every edge of some pins. */
export const splitKinds = ['board', 'time', 'cold'] as const;

export type SplitKind = (typeof splitKinds)[number];

export interface SplitOptions {
  by: SplitKind;
  /** Of each board's pins, of the edges with a time, or of the pins that have edges. */
  share: number;
  /** By board: boards with fewer pins lose none. */
  minimumPins: number;
  seed: number;
  /** Replace OUT. */
  force: boolean;
}

export const splitDefaults: SplitOptions = { by: 'board', share: 0.1, minimumPins: 5, seed: 1, force: false };

export interface Split extends SplitCounts {
  /** By time: the moment from which edges are the test, as ISO 8601, … */
  readonly since?: string;
  /** … and edges without a time, which are left to training. */
  readonly undated?: number;
}

/** Writes OUT/graph to train on and OUT/test.parquet for `boardwalk evaluate`, from a graph directory. */
export async function splitDirectory(
  directory: string,
  out: string,
  given: Partial<SplitOptions> = {},
): Promise<Split> {
  const options = withDefaults(splitDefaults, given);
  const { force, ...asked } = options;
  refuseExisting(out, splitFolder, force);
  refusePending(directory);
  const graph = await openGraph(directory);
  const { hidden, ...times } = hiddenEdges(graph, options);
  // Its sources are not named: a build from them would bring the test edges back.
  const provenance = { options: { split: { ...asked, graph: graph.id } } };
  if (!hidden.includes(1)) throw nothingHidden(options);
  return { ...(await splitGraph(graph, out, hidden, { force, provenance })), ...times };
}

function hiddenEdges(
  graph: Graph,
  { by, share, minimumPins, seed }: SplitOptions,
): { hidden: Uint8Array } & Pick<Split, 'since' | 'undated'> {
  if (by === 'time') {
    const { hidden, since, undated } = holdOutLatest(graph, share);
    return { hidden, since: new Date(since).toISOString(), undated };
  }
  const drawn = by === 'board' ? { edgeFraction: share, minimumPins } : { edgeFraction: 0, coldPinFraction: share };
  return { hidden: holdOutEdges(graph, { ...drawn, seed }) };
}

function nothingHidden({ by, share, minimumPins }: SplitOptions): BoardwalkError {
  const why =
    by === 'board'
      ? `no board has ${minimumPins} pins or more. Lower --minimum-pins.`
      : `${share} of the pins that have edges is less than one. Raise --share.`;
  return new BoardwalkError('bad_option', `There is nothing to hide: ${why}`, { field: 'share' });
}
