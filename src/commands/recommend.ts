import { Command } from 'commander';
import type { RecommendationResponse } from '../blending/recommendation.js';
import { BoardwalkError } from '../errors.js';
import { refuseWithout } from './refuse-without.js';

interface Flags {
  graph: string;
  model?: string;
  pin?: string[];
  board?: string[];
  user?: string;
  boards?: string;
  method: string;
  limit: number;
  out?: string;
  prefer?: Record<string, string>;
  strength?: number;
  excludeBoard?: string[];
  explain?: boolean;
  json?: boolean;
}

function limitOf(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new BoardwalkError('bad_option', `--limit must be a whole number from 1 to 10000, not "${text}".`, {
    field: 'limit',
  });
}

/** Reads `language=fi,topic=food`. */
function preferencesOf(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => /^([a-z]+)=(.+)$/.exec(pair));
  if (pairs.every((pair) => pair !== null)) return Object.fromEntries(pairs.map(([, name, value]) => [name, value]));
  throw new BoardwalkError('bad_option', `--prefer must read like language=fi,topic=food, not "${text}".`, {
    field: 'prefer',
  });
}

function strengthOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new BoardwalkError('bad_option', `--strength must be a share from 0 to 1, not "${text}".`, {
    field: 'strength',
  });
}

/** One line a pin, and under it, with `explain`, who proposed it and why. */
function lines({ results, fallback }: RecommendationResponse, explain: boolean): string[] {
  const notes = fallback === null ? [] : [`(${fallback}: nothing is known of the asker)`];
  return notes.concat(
    results.flatMap(({ pin_id, title, score, sources, reasons }, i) => {
      const name = title === null || title === pin_id ? pin_id : `${pin_id}  ${title}`;
      const line = `${String(i + 1).padStart(3)}  ${score.toFixed(4)}  ${name}`;
      if (!explain) return [line];
      return [
        line,
        `     by ${sources.map(({ source, rank }) => `${source} #${rank + 1}`).join(', ')}`,
        ...reasons.map(({ text }) => `     ${text}`),
      ];
    }),
  );
}

async function single(flags: Flags): Promise<void> {
  const [{ openRecommender }, { unheeded }, { streamProgress }] = await Promise.all([
    import('../registry/open-recommender.js'),
    import('../candidates/walk-preferences.js'),
    import('../progress.js'),
  ]);
  const { recommender } = await openRecommender(flags.graph, modelOf(flags));
  const request = {
    pins: flags.pin,
    boards: flags.board,
    user: flags.user,
    bias: flags.prefer && { prefer: flags.prefer, strength: flags.strength },
    exclude_boards: flags.excludeBoard,
    limit: flags.limit,
  };
  const response = recommender.recommend(request);
  // The same request over HTTP is answered too: a value may be that of a person whom no pin is for.
  const { note } = streamProgress();
  unheeded(recommender.graph, request).forEach(note);
  const text = flags.json ? JSON.stringify(response) : lines(response, flags.explain ?? false).join('\n');
  process.stdout.write(`${text}\n`);
}

function modelOf({ model }: Flags): string {
  if (model !== undefined) return model;
  throw new BoardwalkError('bad_option', 'Name a model directory with --model; `boardwalk train` makes one.', {
    field: 'model',
  });
}

/** Flags of a single request, which lists for many boards would pass over. */
const singleFlags = ['pin', 'board', 'user', 'prefer', 'strength', 'excludeBoard', 'explain'] as const;

function refuseSingleFlags(flags: Flags): void {
  const given = singleFlags.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const flag = `--${given === 'excludeBoard' ? 'exclude-board' : given}`;
  throw new BoardwalkError('bad_option', `${flag} does not go with --boards and --out. Leave out one or the other.`, {
    field: flag.slice(2),
  });
}

async function batch(flags: Flags, boards: string, out: string): Promise<void> {
  const [{ batchLists }, { streamProgress }] = await Promise.all([
    import('../evaluation/batch-lists.js'),
    import('../progress.js'),
  ]);
  const result = await batchLists({
    graphDirectory: flags.graph,
    modelDirectory: flags.model,
    boards,
    method: flags.method,
    limit: flags.limit,
    out,
    progress: streamProgress(),
  });
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ out, method: flags.method, ...result })}\n`
      : `${out}: lists for ${result.boards} boards, ${result.fallbacks} of them popular pins\n`,
  );
}

export const command = new Command('recommend')
  .description('Recommend pins for pins, boards or a person, or write lists for many boards.')
  .requiredOption('--graph <dir>', 'graph directory')
  .option('--model <dir>', 'model directory; only lists by a method that no model trains do without')
  .option('--pin <id...>', 'pins that stand for what is wanted')
  .option('--board <id...>', 'boards to complete')
  .option('--user <id>', 'owner of boards')
  .option('--prefer <values>', 'what walks prefer, such as language=fi,topic=food', preferencesOf)
  .option('--strength <share>', 'share of the draws made among the preferred (default: 0.9)', strengthOf)
  .option('--exclude-board <id...>', 'boards that walks do not go through')
  .option('--boards <file>', 'write lists for the boards in this file: .csv, .tsv, .jsonl or .parquet with board_id')
  .option('--method <name>', 'with --boards: recommender, or one of its sources or baselines', 'recommender')
  .option('--out <file>', 'with --boards: board_id, rank, pin_id, score as .csv, .tsv, .jsonl or .parquet')
  .option('--limit <pins>', 'pins for each answer', limitOf, 20)
  .option('--explain', 'show which source proposed each pin, and why')
  .option('--json', 'print one JSON object')
  .addHelpText(
    'after',
    '\nExamples:\n  boardwalk recommend --graph graph --model model --pin react --explain\n' +
      '  boardwalk recommend --graph graph --model model --boards test.tsv --limit 100 --out lists.parquet',
  )
  .action(async (flags: Flags, given: Command) => {
    if (flags.boards === undefined && flags.out === undefined) {
      if (flags.prefer === undefined) refuseWithout(given, '--strength', '--prefer');
      refuseWithout(given, '--method', '--boards');
      return single(flags);
    }
    refuseSingleFlags(flags);
    if (flags.boards === undefined || flags.out === undefined)
      throw new BoardwalkError('bad_option', 'Lists need both --boards and --out.', {
        field: flags.boards === undefined ? 'boards' : 'out',
      });
    return batch(flags, flags.boards, flags.out);
  });
