import { Command } from 'commander';
import { BoardwalkError } from '../errors.js';
import { seedNumber, wholeNumber } from './whole-number.js';

interface Flags {
  out?: string;
  resolution: string;
  sampleEdges: string;
  topics: string;
  words: string;
  seed: string;
  json?: boolean;
}

function resolutionOf(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new BoardwalkError('bad_option', `--resolution must be a number above 0; got "${text}".`, {
    field: 'resolution',
  });
}

export const command = new Command('topics')
  .description(
    "Finds topics: Louvain's communities of a sample of the graph, spread from there to every pin and board that\n" +
      "they reach, and named by the words that tell them best in their pins' titles (texts where no pin has a title).",
  )
  .argument('<graph>', 'a graph directory')
  .option('--out <file>', 'write topic with pin_id or board_id, as Parquet for `boardwalk build --topics`')
  .option('--resolution <number>', 'above 1 for more and smaller topics', '1')
  .option('--topics <count>', 'keep this many at most, the largest', '256')
  .option('--sample-edges <count>', 'edges of the sample; about half a kilobyte of memory each', '500000')
  .option('--words <count>', 'words of a name', '3')
  .option('--seed <number>', 'of the sample and of the search', '1')
  .option('--json', 'print the topics as one JSON object')
  .addHelpText(
    'after',
    '\nExample:\n  boardwalk topics graph --out topics.parquet\n' +
      '  boardwalk build --edges edges.parquet --topics topics.parquet --order topic --out ordered',
  )
  .action(async (directory: string, flags: Flags) => {
    const options = {
      resolution: resolutionOf(flags.resolution),
      topics: wholeNumber(flags.topics, '--topics', 1),
      sampleEdges: wholeNumber(flags.sampleEdges, '--sample-edges', 1),
      seed: seedNumber(flags.seed),
    };
    const words = wholeNumber(flags.words, '--words', 1);
    const [{ openGraph }, { findCommunities, membersOf }, { labelTopics }, { writeTopics }, { streamProgress }] =
      await Promise.all([
        import('../graph/open.js'),
        import('../graph/communities.js'),
        import('../graph/topic-labels.js'),
        import('../graph/topics-file.js'),
        import('../progress.js'),
      ]);
    if (flags.out !== undefined) {
      const { refuseUnwritable } = await import('../data/whole-file.js');
      await refuseUnwritable(flags.out, 'out');
    }
    const graph = await openGraph(directory);
    const stage = streamProgress().stage('finding communities');
    const found = findCommunities(graph.topology, options);
    stage.finish(`${found.count} topics`);
    const labels = labelTopics(graph, found, { words });
    if (flags.out !== undefined) await writeTopics(flags.out, graph, found, labels);
    const [pins, boards] = [membersOf(found.pins, found.count), membersOf(found.boards, found.count)];
    const topics = labels.map((topic, index) => ({ topic, pins: pins[index], boards: boards[index] }));
    const without = { pins: pins[found.count], boards: boards[found.count] };
    if (flags.json) console.log(JSON.stringify({ out: flags.out, topics, without }));
    else {
      const line = (name: string, { pins: p, boards: b }: typeof without): string =>
        `${p.toLocaleString('en-US').padStart(11)} ${b.toLocaleString('en-US').padStart(11)}  ${name}`;
      const rows = topics.map((each) => line(each.topic, each));
      console.log(['       pins      boards  topic', ...rows, line('(none)', without)].join('\n'));
    }
  });
