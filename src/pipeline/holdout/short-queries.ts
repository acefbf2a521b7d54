import { evenQuery } from '../../candidates/candidate-source.js';
import { random, shuffle } from '../../random.js';
import type { JudgedQuery } from '../../ranking/examples.js';

/** Of the boards, the share that ask a second time: with half or all of them, boards' own lists lost more. */
const share = 0.25;
const stream = 0x6375;

/**
 * Some of the boards, asking again with a part of their pins: one or a few as likely as many, for the logarithm of the
 * number is drawn evenly. Boards ask with all that they hold, people often with a single pin, and a ranker that has seen
 * none but boards' queries, of one length perhaps, knows nothing of theirs. Of boards that the draw leaves whole there is
 * no second query.
 */
export function shortQueries(judged: readonly JudgedQuery[], seed: number): JudgedQuery[] {
  return judged.slice(0, Math.round(share * judged.length)).flatMap((each) => {
    const draw = random(stream, seed, each.board);
    const count = each.query.pins.length;
    const kept = Math.floor((count + 1) ** draw.float());
    if (kept === count) return [];
    const pins = shuffle(each.query.pins.slice(), draw);
    return [{ ...each, query: evenQuery(pins.slice(0, kept)), cut: new Set(pins.subarray(kept)) }];
  });
}
