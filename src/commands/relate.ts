import { Command } from 'commander';

interface Flags {
  with: string[];
  out: string;
  force?: boolean;
  json?: boolean;
}

export const command = new Command('relate')
  .description(
    'Gives a graph other graphs over the same pins, of other things that people did with them: searched, looked closer,\n' +
      'bought. Build each by `boardwalk build` with what stands for boards there, such as queries or sessions, as\n' +
      "board_id. `boardwalk train` then reads a pin's neighbours in each of them; walks, candidates and the ranker stay\n" +
      "with the graph's own edges. Edges of pins that the graph does not have are left out, and counted.",
  )
  .argument('<graph>', 'a graph directory')
  .requiredOption('--with <name=graph...>', 'a name for the relation and the graph directory that holds it')
  .requiredOption('--out <folder>', 'the graph directory with its relations; it appears only when it is whole')
  .option('--force', 'replace OUT, once the new graph is whole')
  .option('--json', 'print the result as one JSON object')
  .addHelpText(
    'after',
    '\nExample:\n  boardwalk build --edges searches.csv --edge-columns board_id=query --out searches\n' +
      '  boardwalk relate graph --with searches=searches --out related\n' +
      '  boardwalk train --graph related --out model',
  )
  .action(async (directory: string, flags: Flags) => {
    const [{ parseRelations, relateDirectory }, { streamProgress }] = await Promise.all([
      import('../pipeline/graphs/relate-directory.js'),
      import('../progress.js'),
    ]);
    const { manifest, related } = await relateDirectory(directory, parseRelations(flags.with), flags.out, {
      force: flags.force === true,
      progress: streamProgress(),
    });
    const { id, relations = [] } = manifest;
    if (flags.json) {
      console.log(JSON.stringify({ graph: flags.out, id, relations, related }));
      return;
    }
    const count = (value: number): string => value.toLocaleString('en-US');
    console.log(`${flags.out}: graph ${id}, with the relations ${relations.map(({ name }) => name).join(', ')}`);
    for (const { name, edges, unknownEdges, pins } of related)
      console.log(
        `  ${name}: ${count(edges)} edges of ${count(pins)} pins; ${count(unknownEdges)} edges of pins that the graph does not have were left out`,
      );
  });
