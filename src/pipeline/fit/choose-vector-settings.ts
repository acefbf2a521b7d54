import { type CandidateQuery, evenQuery, preparedBlocks } from '../../candidates/candidate-source.js';
import {
  vectorSource,
  type VectorSourceOptions,
  type PinVectors,
  raise,
  raisingOf,
} from '../../candidates/vector-source.js';
import type { EmbeddingTable } from '../../embedding/table.js';
import { pinsByBoard } from '../../graph/adjacency.js';
import { degree, degreesOf, neighboursOf } from '../../graph/graph.js';
import { random, shuffle } from '../../random.js';
import type { Holdout } from '../holdout/validation-holdout.js';

type RaisingSettings = Pick<VectorSourceOptions, 'coldBonus' | 'popularity'>;
type VectorSettings = RaisingSettings & Pick<VectorSourceOptions, 'damping'>;

/** Cosines between a query and pins that suit it lie some tenths apart. */
const bonuses = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.36];
const powers = [-0.1, -0.05, -0.025, 0, 0.02, 0.035, 0.05, 0.07, 0.1];
/** Where vectors keep their lengths or end with places on axes: where all have one length, damping finds less on awesome-boards. */
const dampings = [0, 0.25, 0.4, 0.5];
/** Those that tell one table from another well enough. */
const fewDampings = [0, 0.5];
/** Places that count, from 0: both are what lists are judged by. */
const cuts = [20, 100];
/** Boards judged for the cold pins that they hide, … */
const boardsForBonus = 300;
/** … and for the warm ones, for each damping where the trained columns keep their lengths: a power wins less than a bonus. */
const boardsForPower = 1_000;
const stream = 0x636f;
/** Of the warm pins' recall, the share that a bonus for cold ones may cost. */
const price = 0.1;

/** What of a table decides the likeness of its vectors. */
export type JudgedTable = Pick<EmbeddingTable, 'metric'> & PinVectors;

interface JudgedBoard {
  /** The board's other pins. */
  readonly query: CandidateQuery;
  readonly hidden: readonly number[];
}

/** Some boards with the pins that they hide, all of them cold or all of them warm. */
function boardsHiding({ graph, hidden }: Holdout, cold: boolean, most: number, seed: number): JudgedBoard[] {
  const { pins, boards } = graph.topology;
  const isJudged = (_: number, edge: number): boolean =>
    (degree(pins, hidden.pins[edge]) === 0) === cold && degree(boards, hidden.boards[edge]) > 0;
  const byBoard = pinsByBoard({ boards: hidden.boards.filter(isJudged), pins: hidden.pins.filter(isJudged) });
  const drawn = shuffle(Uint32Array.from(byBoard.keys()), random(stream, seed)).subarray(0, most);
  return Array.from(drawn, (board) => ({
    query: evenQuery(neighboursOf(boards, board)),
    hidden: byBoard.get(board) ?? [],
  }));
}

/** How many pins score above each of those wanted, from the one of the lowest score up; counted as far as `most`. */
function pinsAbove(wanted: readonly number[], scores: Float32Array, most: number): Uint32Array {
  const levels = Float32Array.from(wanted, (pin) => scores[pin]).sort();
  const above = new Uint32Array(levels.length);
  let lowest = 0;
  for (let pin = 0; pin < scores.length && lowest < levels.length; pin++) {
    const score = scores[pin];
    if (score <= levels[lowest]) continue;
    for (let i = lowest; i < levels.length && score > levels[i]; i++) above[i]++;
    while (lowest < levels.length && above[lowest] >= most) lowest++;
  }
  return above;
}

/** The share of hidden pins with a place among the first `cut`, for each cut: of pins that tie for the last place all have it. */
function recallsOf(hidden: readonly number[], scores: Float32Array): number[] {
  const above = pinsAbove(hidden, scores, Math.max(...cuts));
  return cuts.map((cut) => above.filter((pins) => pins < cut).length / hidden.length);
}

/** Gives the mean recalls of boards at each cut over the whole catalogue, one list for each way to raise likeness. */
type Judge = (boards: readonly JudgedBoard[], damping: number, ways: readonly RaisingSettings[]) => number[][];

function judge({ graph }: Holdout, table: JudgedTable): Judge {
  const degrees = degreesOf(graph.topology.pins);
  const every = Uint32Array.from(degrees, (_, pin) => pin);
  return (boards, damping, ways) => {
    const source = vectorSource(table, { damping }, { degrees });
    const raisings = ways.map((way) => raisingOf(way, table, degrees));
    const sums = ways.map(() => cuts.map(() => 0));
    const scores = new Float32Array(every.length);
    for (const block of preparedBlocks(boards, [source]))
      for (const { query, hidden } of block) {
        const likeness = source.score(query, every);
        raisings.forEach((raising, way) => {
          scores.set(likeness);
          raise(scores, raising);
          for (const pin of query.pins) scores[pin] = Number.NEGATIVE_INFINITY;
          recallsOf(hidden, scores).forEach((recall, cut) => (sums[way][cut] += recall / boards.length));
        });
      }
    return sums;
  };
}

function best<T>(values: readonly T[], worths: readonly number[]): T {
  return values[worths.indexOf(Math.max(...worths))];
}

/** Settings beside other sources, and those of a source that stands alone. */
export interface ChosenSettings {
  readonly coldBonus: number;
  readonly alone: VectorSettings;
}

const untouched: VectorSettings = { coldBonus: 0, popularity: 0, damping: 0 };

/** Where all vectors have one length, damping wins nothing. */
function dampingsOf({ metric }: JudgedTable, listed = dampings): readonly number[] {
  return metric === 'ip' ? listed : [0];
}

/** Boards with hidden warm pins, and others, or the same, with hidden cold ones. */
interface JudgedBoards {
  readonly warm: readonly JudgedBoard[];
  readonly cold: readonly JudgedBoard[];
  /** Of the edges hidden from boards that lost pins of their own, those to cold pins: they fall as the next ones will. */
  readonly coldShare: number;
}

function judgedBoards(holdout: Holdout, mostWarm: number, seed: number): JudgedBoards {
  const { graph, hidden, boards } = holdout;
  const isJudged = new Set(boards);
  let [all, cold] = [0, 0];
  hidden.boards.forEach((board, i) => {
    if (!isJudged.has(board)) return;
    all++;
    if (degree(graph.topology.pins, hidden.pins[i]) === 0) cold++;
  });
  return {
    warm: boardsHiding(holdout, false, mostWarm, seed),
    cold: boardsHiding(holdout, true, boardsForBonus, seed),
    coldShare: cold / Math.max(1, all),
  };
}

function meanOf([at20, at100]: readonly number[]): number {
  return (at20 + at100) / 2;
}

/** The power and, of those tried, the damping that find the most warm pins, by the mean of recall@20 and @100, and that mean. */
function bestForWarm(
  recalls: Judge,
  { warm }: JudgedBoards,
  tried: readonly number[],
): { settings: VectorSettings; recall: number } {
  // From 0 outwards, so that what wins nothing stays as it is.
  const outwards = powers
    .toSorted((a, b) => Math.abs(a) - Math.abs(b))
    .map((popularity) => ({ coldBonus: 0, popularity }));
  const ways = tried.flatMap((damping) => outwards.map((way): VectorSettings => ({ ...way, damping })));
  const means = tried.flatMap((damping) => recalls(warm, damping, outwards)).map(meanOf);
  return { settings: best(ways, means), recall: Math.max(...means) };
}

/** The bonus that finds the most cold pins of those that warm ones afford, and what warm and cold recall is with it. */
function bestForCold(
  recalls: Judge,
  { warm, cold }: JudgedBoards,
  { popularity, damping }: VectorSettings,
): { coldBonus: number; warm: number; cold: number } {
  const ways = bonuses.map((coldBonus) => ({ coldBonus, popularity }));
  const ofCold = recalls(cold, damping, ways);
  const ofWarm = recalls(warm.slice(0, boardsForBonus), damping, ways).map(meanOf);
  const afforded = [...bonuses.keys()].filter((i) => ofWarm[i] >= (1 - price) * ofWarm[0]);
  const chosen = best(
    afforded,
    afforded.map((i) => ofCold[i][1]),
  );
  return { coldBonus: bonuses[chosen], warm: ofWarm[chosen], cold: meanOf(ofCold[chosen]) };
}

/** The settings under which vectors find the most by themselves, and how much of what is hidden they find so. */
function bestAlone(
  recalls: Judge,
  boards: JudgedBoards,
  tried: readonly number[],
): { settings: VectorSettings; recall: number } {
  if (boards.warm.length === 0) return { settings: untouched, recall: 0 };
  const chosen = bestForWarm(recalls, boards, tried);
  if (boards.cold.length === 0) return chosen;
  const { coldBonus, warm, cold } = bestForCold(recalls, boards, chosen.settings);
  return {
    settings: { ...chosen.settings, coldBonus },
    recall: (1 - boards.coldShare) * warm + boards.coldShare * cold,
  };
}

/**
 * What vectors find by themselves under the settings that suit them best: the mean of recall@20 and @100, of warm pins
 * hidden from `most` boards at most and of cold ones, weighed by how the next edges fall; 0 where no warm one is hidden.
 */
export function recallAlone(holdout: Holdout, table: JudgedTable, most: number, seed: number): number {
  const boards = judgedBoards(holdout, most, seed);
  return bestAlone(judge(holdout, table), boards, dampingsOf(table, fewDampings)).recall;
}

/** The table that is read beside other sources, and the one that is read alone. */
export interface JudgedTables {
  readonly beside: JudgedTable;
  readonly alone: JudgedTable;
}

/**
 * Under which settings a source of vectors finds hidden pins best. Alone, the power of popularity and the damping of
 * query pins are those of the greatest mean of recall@20 and @100 of warm pins, damping only where vectors are not of
 * one length, so that long ones lead a mean. Beside other sources there is neither: with popularity the
 * candidates of all hold fewer of the hidden pins (.627 for .630 on Gowalla), and damping wins nothing without it. For
 * either, the bonus is the one that finds the most cold pins, by recall@100, while the warm ones' recall@20 and @100
 * fall by no more than a tenth in the mean; 0 where the hold-out has no cold pin to judge by.
 */
export function chooseVectorSettings(holdout: Holdout, { beside, alone }: JudgedTables, seed: number): ChosenSettings {
  const boards = judgedBoards(holdout, boardsForPower * dampingsOf(beside).length, seed);
  const { settings } = bestAlone(judge(holdout, alone), boards, dampingsOf(alone));
  const isJudged = boards.warm.length > 0 && boards.cold.length > 0;
  return {
    coldBonus: isJudged ? bestForCold(judge(holdout, beside), boards, untouched).coldBonus : 0,
    alone: settings,
  };
}
