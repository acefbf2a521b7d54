import { type BuildEstimate, estimateBuild, type EstimateOptions } from '../../graph/build-estimate.js';
import { type GraphSize, sizeOfFiles, type SizeSources } from '../../graph/graph-size.js';
import { estimateWalks, type WalkEstimate } from '../../sampling/walk-estimate.js';

export interface GraphEstimate extends BuildEstimate {
  size: GraphSize;
  walk: WalkEstimate;
}

/** What building, opening and walking a graph will take on this machine, from its files or from its size alone. */
export async function estimateGraph(
  from: SizeSources | GraphSize,
  options: Partial<EstimateOptions> = {},
): Promise<GraphEstimate> {
  const size = 'addedAt' in from ? from : await sizeOfFiles(from);
  const built = await estimateBuild(size, options);
  const walk = await estimateWalks(size.edges, size.pins.count, size.boards.count);
  return { size, ...built, walk };
}
