import { join } from 'node:path';
import type { FolderKind } from '../../data/folder-kind.js';
import { writeWholeDirectory } from '../../data/whole-directory.js';
import { toolVersion } from '../../package-root.js';
import { openStoredFeature } from '../feature-file.js';
import type { Side, Topology } from '../graph.js';
import { type Manifest, readManifest } from '../manifest.js';
import { openGraph } from '../open.js';
import { withPinsAt } from '../relations.js';
import { copyRejects, directionsOf, graphFolder, writeGraphFiles } from '../write.js';
import { deltaDirectory, dropSegments } from './delta-log.js';
import { foldedEdges } from './folded-edges.js';
import type { Placement } from './generation.js';
import { readDelta } from './replay.js';
import { featureSource, handlesAt, nodeSource, placementOf } from './renumbering.js';

export interface Compacted {
  readonly manifest: Manifest;
  readonly topology: Topology;
  /** The new index of each node that the old base and the folded segments knew, in the order they met them. */
  readonly placements: Readonly<Record<Side, Placement>>;
}

/** Nobody is asked for a compaction: what else lies in the folder does not stop it; and its caller holds the graph. */
const anyGraphFolder: FolderKind = { what: graphFolder.what, marker: graphFolder.marker };

/**
 * Folds the delta's segments up to `through` into a new base, numbered as a build of all that survives would
 * number it, and puts it in the old one's place. Killed at any moment, it leaves the old base with all of
 * the delta or the new one; segments that the base has in it are skipped at replay, and deleted here. The
 * caller is the delta's one writer.
 */
export async function compactSegments(directory: string, through: number): Promise<Compacted> {
  const graph = await openGraph(directory);
  const before = readManifest(directory);
  const log = deltaDirectory(directory);
  const { registers, edges } = readDelta(log, graph, { after: before.provenance.compacted ?? 0, through });

  const order = before.order ?? [];
  const placements = {
    pins: placementOf(registers.pins, order),
    boards: placementOf(registers.boards, order),
  };
  const { topology, columns } = foldedEdges(graph.topology.boards, graph.edges, edges, placements);
  const handles = { pins: handlesAt(placements.pins), boards: handlesAt(placements.boards) };
  const features = before.features
    .map(({ file }) => openStoredFeature(join(directory, file), before.counts.pins))
    .flatMap((feature) => featureSource(feature, handles.pins) ?? []);
  const manifest = await writeWholeDirectory(
    directory,
    anyGraphFolder,
    (temporary) => {
      copyRejects(directory, temporary);
      return writeGraphFiles(temporary, {
        edges: directionsOf(topology, columns),
        pins: nodeSource(registers.pins, handles.pins),
        boards: nodeSource(registers.boards, handles.boards),
        features,
        relations: graph.relations.map(({ name, topology: related }) => ({
          name,
          topology: withPinsAt(related, placements.pins.indices, placements.pins.count),
        })),
        order,
        provenance: { ...before.provenance, tool: toolVersion(), compacted: through },
      });
    },
    { force: true },
  );
  dropSegments(log, through);
  return { manifest, topology, placements };
}
