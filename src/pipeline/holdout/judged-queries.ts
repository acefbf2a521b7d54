import { evenQuery } from '../../candidates/candidate-source.js';
import { BoardwalkError } from '../../errors.js';
import { pinsByBoard } from '../../graph/adjacency.js';
import { degree, neighboursOf } from '../../graph/graph.js';
import { leastJudged } from '../../graph/minimum-pins.js';
import { random, shuffle } from '../../random.js';
import type { JudgedQuery } from '../../ranking/examples.js';
import type { Holdout } from './validation-holdout.js';

const boardStream = 0x6a75;

/**
 * The validation boards as queries whose hidden pins are known, in an order that the seed decides. Boards of
 * which nothing is visible cannot ask, those of which nothing is hidden cannot judge: both are left out.
 */
export function judgedQueries({ graph, hidden, boards }: Holdout, seed: number): JudgedQuery[] {
  const saved = pinsByBoard(hidden);
  const asking = boards.filter((board) => neighboursOf(graph.topology.boards, board).length > 0 && saved.has(board));
  return Array.from(shuffle(asking, random(boardStream, seed)), (board) => ({
    board,
    query: evenQuery(neighboursOf(graph.topology.boards, board)),
    saved: new Set(saved.get(board)),
  }));
}

/** Validation boards, parted so that no figure comes from boards that something was fitted to. */
export interface JudgedParts {
  /** For the settings of sources and the weights of the ranker. */
  readonly fit: readonly JudgedQuery[];
  readonly calibrate: readonly JudgedQuery[];
  readonly report: readonly JudgedQuery[];
}

/** Whether enough boards lost pins to fit a ranker on. */
export function canBeJudged(holdout: Holdout, seed: number): boolean {
  return judgedQueries(holdout, seed).length >= leastJudged;
}

/** Boards for calibrating, and again for reporting: a sixth each, at most this many. */
const mostApart = 1_000;

/** @throws BoardwalkError `bad_request` where there are too few boards to learn from */
export function partJudged(holdout: Holdout, seed: number): JudgedParts {
  const judged = judgedQueries(holdout, seed);
  if (judged.length < leastJudged) throw tooFewBoards(holdout, judged.length);
  const apart = Math.max(3, Math.min(mostApart, Math.floor(judged.length / 6)));
  return {
    report: judged.slice(0, apart),
    calibrate: judged.slice(apart, 2 * apart),
    fit: judged.slice(2 * apart),
  };
}

function tooFewBoards({ graph, hidden, boards }: Holdout, judged: number): BoardwalkError {
  const losing = new Set(hidden.boards);
  const bare = boards.filter((board) => losing.has(board) && degree(graph.topology.boards, board) === 0).length;
  const [few, mend] =
    judged + bare < leastJudged
      ? [
          `are large enough to hide pins of: ${judged + bare}`,
          'Boards of two pins at least can be; add some, or train with a lower validation.minimumPins or a higher validation.edgeFraction in --config.',
        ]
      : [
          `keep any pins beside those that are hidden: ${judged}, and ${bare} lose all`,
          'Train with a lower validation.coldPinFraction or validation.edgeFraction, or a higher validation.minimumPins in --config.',
        ];
  return new BoardwalkError(
    'bad_request',
    `Too few boards ${few}. Pinnability needs ${leastJudged} to be fitted. ${mend}`,
  );
}
