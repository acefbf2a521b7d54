import { BoardwalkError } from '../errors.js';
import { neighboursOf, type Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import { type Random, random, shuffle } from '../random.js';
import { withDefaults } from '../with-defaults.js';
import { type PixieOptions, pixieDefaults, type VisitCounts, type WalkKernel } from './kernel.js';
import type { WalkPool } from './pool.js';
import { sharedUint32 } from './shared-arrays.js';

/** Hard negatives of all pins, in shared memory. */
export interface HardNegatives {
  /** The most held for one pin. */
  readonly size: number;
  /** [pins, size] dense pin indices, each row from its start. */
  readonly pins: Uint32Array;
  /** [pins] how many of a row are filled; 0 for pins that were not asked for. */
  readonly counts: Uint32Array;
}

export interface HardNegativeOptions {
  /** Hard negatives kept for each pin, to choose from in every epoch. */
  size: number;
  /** Visit ranks, from 0, that hard negatives are taken from: `from` and above, below `to`. */
  band: { from: number; to: number };
  /** The walk that ranks the catalogue for one pin ends when so many pins as the band reaches to have these visits, … */
  visits: number;
  /** … or after these two-hop steps. */
  steps: number;
  restart: number;
  seed: number;
}

/**
 * The paper's ranks, 2000 to 5000 (section 3.3), are for billions of pins. A smaller catalogue has the same
 * kind of pin, somewhat related and yet not alike, nearer the top: between a hundredth and a twenty-fifth
 * of its pins, and never beyond the paper's ranks.
 */
export function hardNegativeBand(pinCount: number): { from: number; to: number } {
  const from = Math.min(2_000, Math.max(10, Math.round(pinCount / 100)));
  const to = Math.min(5_000, Math.max(2 * from, Math.round(pinCount / 25)));
  return { from, to };
}

const mostSteps = 200_000;

/**
 * Pins of few visits are in the order of chance. At 20 visits, half (MovieLens 100k) to five sixths (citeulike-t,
 * Gowalla) of what is drawn lies in the band by exact personalised PageRank, and most of the rest just beyond. That
 * takes 4 to 6 steps for each pin of the catalogue; `steps` are as many as would visit all of them so often, and never
 * more than catalogues of 40,000 pins need: in larger ones walks end with fewer visits, and the band is met less exactly.
 */
export function hardNegativeDefaults(pinCount: number): HardNegativeOptions {
  const visits = 20;
  const steps = Math.min(visits * pinCount, mostSteps);
  return { size: 12, band: hardNegativeBand(pinCount), visits, steps, restart: 0.25, seed: 1 };
}

/** The curriculum: epoch n, from 1, trains with n - 1 hard negatives a query (section 3.3), at most `cap`. */
export function hardNegativesInEpoch(epoch: number, cap: number): number {
  return Math.min(Math.max(0, epoch - 1), cap);
}

const hardStreams = 0x4861;

export interface HardNegativeTask {
  queries: Uint32Array;
  options: HardNegativeOptions;
  into: HardNegatives;
}

/** Writes the hard negatives of some pins into the rows of all. */
export function hardNegativeMiner(topology: Topology, kernel: WalkKernel): (task: HardNegativeTask) => void {
  const { pins, boards } = topology;
  // The query that last marked a board as its own, plus 1.
  const markedBy = new Uint32Array(boards.offsets.length - 1);
  const one = Float32Array.of(1);
  return ({ queries, options, into }) => {
    const { size, band, visits, steps, restart, seed } = options;
    const ends = { stopPins: band.to, stopVisits: visits, steps };
    const walk: PixieOptions = { ...pixieDefaults, ...ends, restart, seed, boost: false };
    for (const query of queries) {
      const mark = query + 1;
      for (const board of neighboursOf(pins, query)) markedBy[board] = mark;
      const sharesBoard = (pin: number): boolean => neighboursOf(pins, pin).some((board) => markedBy[board] === mark);
      const source = random(hardStreams, seed, query);
      const visited = kernel.pixie(Uint32Array.of(query), one, Infinity, walk);
      const ranked = shuffle(bandOf(visited, band, source), source);
      let found = 0;
      for (let i = 0; i < ranked.length && found < size; i++) {
        if (!sharesBoard(ranked[i])) into.pins[query * size + found++] = ranked[i];
      }
      into.counts[query] = found;
    }
  };
}

/**
 * The pins at a band of visit ranks. Deep in the ranks many pins have equal counts; those at the band's
 * edges are put in a random order first, for by dense index the same few pins would always win.
 */
function bandOf(
  { pins, counts }: VisitCounts,
  { from, to }: { from: number; to: number },
  source: Random,
): Uint32Array {
  for (const edge of [from, to]) {
    if (edge <= 0 || edge >= pins.length || counts[edge - 1] !== counts[edge]) continue;
    shuffle(pins.subarray(counts.indexOf(counts[edge]), counts.lastIndexOf(counts[edge]) + 1), source);
  }
  return pins.slice(from, to);
}

/** A pin's walk takes about two milliseconds at the default options for 20,000 pins, and some fifteen at most. */
const queriesPerTask = 64;

/**
 * Finds hard negatives for the given pins: pins that a walk from the query visits, but not among its most
 * visited, and that share no board with it. A pin whose walk is too short to reach the band has none.
 */
export async function mineHardNegatives(
  pool: WalkPool,
  queries: Uint32Array,
  options: Partial<HardNegativeOptions> = {},
  progress: Progress = silentProgress,
): Promise<HardNegatives> {
  const pinCount = pool.topology.pins.offsets.length - 1;
  const settings = withDefaults(hardNegativeDefaults(pinCount), options);
  if (!(settings.band.from >= 0 && settings.band.from < settings.band.to))
    throw new BoardwalkError(
      'bad_option',
      `The hard negatives' band must go up, but it goes from rank ${settings.band.from} to ${settings.band.to}.`,
      { field: 'band' },
    );
  const into = {
    size: settings.size,
    pins: sharedUint32(pinCount * settings.size),
    counts: sharedUint32(pinCount),
  };
  const stage = progress.stage('mining hard negatives', queries.length);
  let done = 0;
  const starts = Array.from({ length: Math.ceil(queries.length / queriesPerTask) }, (_, task) => task * queriesPerTask);
  await Promise.all(
    starts.map(async (from) => {
      const some = queries.slice(from, from + queriesPerTask);
      await pool.run('hardNegatives', { queries: some, options: settings, into });
      done += some.length;
      stage.update(done);
    }),
  );
  stage.finish(`${queries.length.toLocaleString('en-US')} pins`);
  return into;
}
