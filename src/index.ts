// TensorFlow's types speak of Long without saying where it comes from.
/// <reference types="long" preserve="true" />
export { BoardwalkError, type ErrorCode, type ErrorSubject } from './errors.js';
export { type Progress, silentProgress, streamProgress } from './progress.js';

export { Vocabulary } from './data/vocabulary.js';
export type { Adjacency, AttributeName, Attributes, FeatureColumn, Graph, Relation, Topology } from './graph/graph.js';
export { type EdgeList, topologyFromEdges } from './graph/adjacency.js';
export { memoryGraph, withoutEdges } from './graph/memory-graph.js';
export { assertNoLeak, heldOutPairs, holdOutEdges, type HoldOutOptions } from './graph/split.js';
export { holdOutLatest, type LatestEdges } from './graph/split-by-time.js';
export { type BuildOptions, buildGraph, type BuildResult } from './graph/build.js';
export { type Centre, type NeighbourhoodGraph, neighbourhoodGraph, subgraphOf } from './graph/neighbourhood-graph.js';
export { findCommunities, type NodeTopics } from './graph/communities.js';
export { labelTopics } from './graph/topic-labels.js';
export { pruneGraph } from './graph/prune-graph.js';
export { relate, type Related } from './graph/relate.js';
export { openGraph } from './graph/open.js';
export type { NodeOrder, NodeRange, OrderColumn, OrderKey } from './graph/node-order.js';
export { writeGraph } from './graph/write.js';
export type { Accepted, LiveGraph, LiveGraphOptions } from './graph/live/live-graph.js';
export type { LiveView } from './graph/live/live-view.js';
export type { GraphNow, GraphView } from './graph/graph-view.js';
export type { EdgeBatch, NodeRow } from './graph/live/batches.js';
export { compactGraph, openLiveGraph } from './graph/live/open-live-graph.js';
export type { LiveTopology, WalkRows } from './graph/walk-rows.js';

export type {
  ImportancePoolingOptions,
  Neighbourhoods,
  PixieOptions,
  VisitCounts,
  WalkKernel,
} from './sampling/kernel.js';
export type { MiniBatch } from './sampling/minibatch.js';
export { chooseKernel, type KernelChoice, type KernelName, walkKernelFor } from './sampling/choose-kernel.js';
export { typescriptKernel } from './sampling/typescript-kernel.js';
export { wasmKernel } from './sampling/wasm-kernel.js';
export { visitedNeighbourhood } from './sampling/visited-neighbourhood.js';
export { walkPool } from './sampling/pool.js';
export { type LivePool, livePool, type WalkedView } from './sampling/live-pool.js';
export { importanceNeighbourhoods } from './sampling/importance-neighbourhoods.js';
export { batchLoader } from './sampling/batch-loader.js';

export { type Backend, openBackend } from './model/backends.js';
export { pinSageDefaults, type PinSageSpec, pinSageSpec } from './model/spec.js';
export { trainPinSage } from './training/train-pinsage.js';
export { embedPins } from './embedding/embed-pins.js';
export { PinEmbedder } from './embedding/pin-embedder.js';
export { type EmbeddingTable, vectorOf } from './embedding/table.js';
export { openEmbeddingTable, writeEmbeddingTable } from './embedding/table-file.js';
export { type ExportFormat, exportTable } from './embedding/export-table.js';

export type { NearestNeighbours, NearestRows } from './ann/nearest-neighbours.js';
export type { CandidateQuery, CandidateSource, ScoredPins, SourceName } from './candidates/candidate-source.js';
export type {
  Reason,
  Recommendation,
  RecommendationRequest,
  RecommendationResponse,
} from './blending/recommendation.js';
export { Recommender } from './recommender.js';
export { openModel } from './registry/model.js';
export { openLiveRecommender, openRecommender, pinEmbedderOf } from './registry/open-recommender.js';
export { trainModel } from './pipeline/train-model.js';
export { evaluate, type EvaluationReport } from './evaluation/evaluate.js';
export { buildApp } from './server/app.js';
export { LiveService } from './server/live-service.js';
export { listen } from './server/server.js';
