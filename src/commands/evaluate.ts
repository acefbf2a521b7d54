import { Command, Option } from 'commander';
import type { CatalogueName } from '../evaluation/catalogue.js';
import type { EvaluationReport } from '../evaluation/evaluate.js';
import type { TaskName } from '../evaluation/tasks.js';
import { refuseWithout } from './refuse-without.js';
import { seedNumber, wholeNumber } from './whole-number.js';

interface Flags {
  graph: string;
  model?: string;
  test: string;
  task: TaskName;
  k?: string;
  methods?: string;
  catalogue: CatalogueName;
  sample?: string;
  pairsPerBoard: string;
  seed: string;
  threads?: string;
  tune?: boolean;
  report?: string;
  json?: boolean;
}

/** The fewest cut-offs that the field reports; related pins are judged at 500, as PinSage is. */
const defaultCuts = { board: '10,20,50', user: '10,20,50', related: '10,100,500' };

export const command = new Command('evaluate')
  .description('Compare the recommender with baselines on held-out data. Every method ranks the same catalogue.')
  .requiredOption('--graph <dir>', 'graph directory, without the test edges')
  .option('--model <dir>', 'model directory; without one, pinsage, pintext, mapped and recommender are skipped')
  .requiredOption('--test <file>', 'CSV, TSV, JSONL or Parquet: board_id, user_id or query_pin_id, and pin_id')
  .addOption(
    new Option(
      '--task <name>',
      'complete boards, find related pins, or fill homefeeds, where test pins that a person has already are counted and left out',
    )
      .choices(['board', 'related', 'user'])
      .default('board'),
  )
  .option(
    '--k <list>',
    'cut-offs, in ranks; mrr looks as deep as the last, for related 2,000 at least (default: 10,20,50; for related 10,100,500)',
  )
  .option(
    '--methods <list>',
    'all, or some of random,popularity,content,itemknn,rp3beta,ease,gfcf,spectral,ials,pixie,pinsage,pintext,mapped,recommender (default: all but random and ease; ials where it is among the sources of the model)',
  )
  .addOption(
    new Option(
      '--catalogue <pins>',
      'what is ranked: all pins, the cold ones alone, which are on no board, or those of them that the test asks for',
    )
      .choices(['all', 'cold', 'test-cold'])
      .default('all'),
  )
  .option('--sample <cases>', 'judge this many boards, users or pairs, drawn by --seed (default: all)')
  .option('--pairs-per-board <pairs>', 'related: pairs drawn from each test board where the file lists boards', '10')
  .option(
    '--seed <number>',
    'seed of every draw: cases, pairs, random, pixie, intervals, --tune; a model keeps its own',
    '1',
  )
  .option('--threads <number>', 'worker threads; 0 for none (default: one a core)')
  .option('--tune', "choose the baselines' settings on validation pairs drawn from the graph, before the test")
  .option('--report <file>', 'also write tables and charts there, as one HTML file that needs no network')
  .option(
    '--json',
    'print one JSON object: task, split, methods, intervals, comparisons, skipped, settings, slices, asked, seconds',
  )
  .addHelpText(
    'after',
    '\nExample:\n  boardwalk evaluate --graph graph --model model --test test.tsv --task board --k 20,100 --report report.html',
  )
  .action(async (flags: Flags, given: Command) => {
    if (flags.task !== 'related') refuseWithout(given, '--pairs-per-board', '--task related');
    const ks = (flags.k ?? defaultCuts[flags.task]).split(',').map((k) => wholeNumber(k.trim(), '--k', 1));
    const seed = seedNumber(flags.seed);
    const pairsPerBoard = wholeNumber(flags.pairsPerBoard, '--pairs-per-board', 1);
    if (flags.report !== undefined) {
      const { refuseUnwritable } = await import('../data/whole-file.js');
      await refuseUnwritable(flags.report, 'report', [flags.test, flags.graph, flags.model]);
    }
    const { evaluateFiles } = await import('../evaluation/evaluate-files.js');
    const { parseMethods } = await import('../evaluation/methods.js');
    const { reportTable } = await import('../evaluation/report.js');
    const { streamProgress } = await import('../progress.js');
    const report = await evaluateFiles({
      graph: flags.graph,
      model: flags.model,
      test: flags.test,
      task: flags.task,
      tune: flags.tune ?? false,
      pairsPerBoard,
      options: {
        ks,
        seed,
        methods: flags.methods === undefined ? undefined : parseMethods(flags.methods),
        catalogue: flags.catalogue,
        progress: streamProgress(),
        sample: wholeNumber(flags.sample, '--sample', 1),
        threads: wholeNumber(flags.threads, '--threads', 0),
      },
    });
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : reportTable(report));
    if (flags.report !== undefined) await writeReport(flags.report, report, flags);
  });

async function writeReport(path: string, report: EvaluationReport, flags: Flags): Promise<void> {
  const [{ reportPage }, { toolVersion }, { typedCommand }, { writeWholeFile }, { writeFile }] = await Promise.all([
    import('../evaluation/page/report-page.js'),
    import('../package-root.js'),
    import('../graph/provenance.js'),
    import('../data/whole-file.js'),
    import('node:fs/promises'),
  ]);
  const { graph, model, test } = flags;
  const page = reportPage(report, {
    made: new Date(),
    command: typedCommand(),
    version: toolVersion(),
    graph,
    model,
    test,
  });
  await writeWholeFile(path, (temporary) => writeFile(temporary, page));
}
