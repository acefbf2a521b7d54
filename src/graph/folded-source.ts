import { piecesOf, readColumn } from './column-file.js';
import type { EdgeKinds } from './edges-file.js';
import type { FoldedFiles, FoldedSize } from './fold-partitions.js';
import type { DirectionSource } from './write.js';

/** One direction as the writer of a graph takes it: offsets in memory, all that is as long as the edges from files. */
export function foldedSource({ rows, edges }: FoldedSize, files: FoldedFiles, kinds: EdgeKinds): DirectionSource {
  const { offsets, neighbours, addedAt, weight, codes } = files;
  return {
    rows: {
      offsets: readColumn(offsets, 0, new Uint32Array(rows + 1)),
      pieces: () => piecesOf(neighbours, 4 * edges),
    },
    columns: () => ({
      kinds,
      count: edges,
      slice: (from, to) => ({
        ...(addedAt && { addedAt: readColumn(addedAt, 8 * from, new Float64Array(to - from)) }),
        ...(weight && { weight: readColumn(weight, 4 * from, new Float32Array(to - from)) }),
        ...(codes && {
          sections: { names: kinds.sections, codes: readColumn(codes, 4 * from, new Uint32Array(to - from)) },
        }),
      }),
    }),
  };
}
