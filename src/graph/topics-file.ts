import { writeTextParquet } from '../data/parquet-rows.js';
import { writeWholeFile } from '../data/whole-file.js';
import { type NodeTopics, noTopic } from './communities.js';
import { type Graph, sides } from './graph.js';

/** Writes the topic of every pin and board that has one, as Parquet for `boardwalk build --topics`. */
export async function writeTopics(
  path: string,
  graph: Graph,
  topics: NodeTopics,
  labels: readonly string[],
): Promise<void> {
  function* rows() {
    for (const side of sides)
      for (let node = 0; node < topics[side].length; node++) {
        if (topics[side][node] === noTopic) continue;
        const id = graph[side].id(node);
        const topic = labels[topics[side][node]];
        yield { pin_id: side === 'pins' ? id : null, board_id: side === 'boards' ? id : null, topic };
      }
  }
  await writeWholeFile(path, (temporary) => writeTextParquet(temporary, ['pin_id', 'board_id', 'topic'], rows()));
}
