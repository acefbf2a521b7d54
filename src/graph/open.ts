import { join } from 'node:path';
import { foreseeMemory } from '../data/available-memory.js';
import { Vocabulary } from '../data/vocabulary.js';
import { BoardwalkError } from '../errors.js';
import { adjacencyFiles, openTopology } from './adjacency-file.js';
import { openAttributes } from './attributes-file.js';
import { edgeFiles, openEdges, openEdgeTable } from './edges-file.js';
import { checkFiles } from './file-checks.js';
import { openFeature } from './feature-file.js';
import type { FeatureColumn, Graph, Relation, Topology } from './graph.js';
import { nodeOrder } from './node-order.js';
import { assertUnreplaced, type Manifest, readGraphDirectory } from './manifest.js';
import { openRelations } from './relations.js';
import { attributeFiles } from './write.js';

export interface OpenGraphOptions {
  /** Compare every file with the manifest's hash: reads all of it once more. */
  checksums?: boolean;
  /** Bytes that opening may take; what the system can give unless told. */
  memory?: number;
}

/** What V8 takes for an id: a string of up to 24 Latin letters, its place in an array, and in the map that finds it. */
const idBytes = 80;

/** What an opened graph holds at once; features and edge columns come when they are asked for. */
export function openBytes({ counts, files }: Manifest): { bytes: number; heap: number } {
  const opened = [...Object.values(adjacencyFiles), ...Object.values(attributeFiles)];
  const heap = idBytes * (counts.pins + counts.boards);
  return { bytes: opened.reduce((sum, name) => sum + (files[name]?.bytes ?? 0), heap), heap };
}

function checkCounts(directory: string, { counts }: Manifest, topology: Topology, pins: number, boards: number): void {
  const found: [string, number, number][] = [
    ['pins', counts.pins, pins],
    ['pins with a row of boards', counts.pins, topology.pins.offsets.length - 1],
    ['boards', counts.boards, boards],
    ['boards with a row of pins', counts.boards, topology.boards.offsets.length - 1],
    ['edges', counts.edges, topology.boards.neighbours.length],
    ['edges seen from pins', counts.edges, topology.pins.neighbours.length],
  ];
  for (const [what, expected, actual] of found)
    if (expected !== actual)
      throw new BoardwalkError('mismatch', `${directory} holds ${actual} ${what}; its manifest says ${expected}.`, {
        file: directory,
      });
}

/**
 * Opens a graph directory. The adjacency is read straight into shared memory and never copied; ids are
 * decoded at once, attributes cell by cell, features, relations and edge columns when first asked for: that throws
 * `mismatch` where the directory holds another graph by then.
 */
export async function openGraph(directory: string, options: OpenGraphOptions = {}): Promise<Graph> {
  return readGraphDirectory(directory, (place, manifest) => graphIn(place, manifest, options, directory));
}

/** The graph that lies at `place`, of which more is read from `directory` later. */
function graphIn(
  place: string,
  manifest: Manifest,
  { checksums = false, memory }: OpenGraphOptions,
  directory: string,
): Graph {
  checkFiles(place, manifest, checksums);
  foreseeMemory({
    what: `Opening ${directory}`,
    ...openBytes(manifest),
    mend: 'Free memory, use a larger machine, or build a smaller graph with `boardwalk build --prune`.',
    file: directory,
    left: memory,
  });
  const topology = openTopology(place);
  const pins = openAttributes(join(place, attributeFiles.pins));
  const boards = openAttributes(join(place, attributeFiles.boards));
  checkCounts(directory, manifest, topology, pins.ids.length, boards.ids.length);
  const order =
    manifest.order &&
    nodeOrder(manifest.order, {
      pins: { size: pins.ids.length, attributes: pins.attributes },
      boards: { size: boards.ids.length, attributes: boards.attributes },
    });
  const later = <T>(read: (place: string) => T): T =>
    readGraphDirectory(directory, (now, found) => {
      assertUnreplaced(directory, found, manifest.id);
      return read(now);
    });
  const { edges } = manifest.counts;
  let features: FeatureColumn[] | undefined;
  let relations: Relation[] | undefined;
  return {
    id: manifest.id,
    topology,
    pins: new Vocabulary(pins.ids),
    boards: new Vocabulary(boards.ids),
    pinAttributes: pins.attributes,
    boardAttributes: boards.attributes,
    get features() {
      return (features ??= later((now) =>
        manifest.features.map(({ file }) => openFeature(join(now, file), pins.ids.length)),
      ));
    },
    edges: Object.hasOwn(manifest.files, edgeFiles.boards)
      ? openEdges(edges, () => later((now) => openEdgeTable(join(now, edgeFiles.boards), edges)))
      : {},
    get relations() {
      return (relations ??= later((now) => openRelations(now, manifest.relations ?? [], pins.ids.length)));
    },
    order,
  };
}
