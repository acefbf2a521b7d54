import { presented } from '../blending/present.js';
import type { Recommendation, RecommendationRequest } from '../blending/recommendation.js';
import { overFetch, refusal } from '../blending/rules.js';
import { evenSpread } from '../candidates/even-spread.js';
import { pixieSourceDefaults } from '../candidates/pixie.js';
import type { LiveView } from '../graph/live/live-view.js';
import type { WalkKernel } from '../sampling/kernel.js';

/** A board, not one of those avoided, that holds one of the query's pins and this one. */
function linkingBoard(
  view: LiveView,
  query: Uint32Array,
  pin: number,
  avoided: ReadonlySet<number>,
): number | undefined {
  const own = new Set(view.neighbours('pins', pin).filter((board) => !avoided.has(board)));
  for (const other of query) for (const board of view.neighbours('pins', other)) if (own.has(board)) return board;
  return undefined;
}

/**
 * The pins that walks over the graph as it is now visit most, those included that the model has never seen.
 * Their score is the share of the walk's steps that ended there: no probability of anything else. They keep out of the
 * boards that the request excludes, and heed no preferences.
 */
export function liveWalks(
  view: LiveView,
  kernel: WalkKernel,
  query: readonly number[],
  request: RecommendationRequest,
): Recommendation[] {
  const refused = refusal(view, request);
  const weights = new Float32Array(query.length).fill(1);
  const limit = overFetch * request.limit;
  const { maxQueryPins, ...walk } = pixieSourceDefaults;
  const asked = evenSpread(Uint32Array.from(query), maxQueryPins);
  const boards = request.exclude_boards ?? [];
  const avoided = new Set(boards.map((id) => view.boards.indexOf(id)).filter((board) => board >= 0));
  const visits = kernel.pixie(asked, weights.subarray(0, asked.length), limit, {
    ...walk,
    boost: false,
    ...(avoided.size > 0 && { avoidBoards: Uint32Array.from(avoided) }),
  });
  const found: Recommendation[] = [];
  for (let rank = 0; rank < visits.pins.length && found.length < request.limit; rank++) {
    const pin = visits.pins[rank];
    // A removed pin has no id.
    if (view.pins.id(pin) === '' || refused(pin)) continue;
    const board = linkingBoard(view, asked, pin, avoided);
    const title = board === undefined ? '' : (view.boardAttributes.get('title', board) ?? view.boards.id(board));
    found.push(
      presented(view, pin, {
        score: visits.counts[rank] / visits.steps,
        sources: [{ source: 'pixie', score: visits.counts[rank], rank }],
        reasons: board === undefined ? [] : [{ board_id: view.boards.id(board), text: `Saved together on ${title}` }],
      }),
    );
  }
  return found;
}
