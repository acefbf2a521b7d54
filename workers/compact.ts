import { compactToMemory } from '../src/graph/live/compaction-thread.js';

export default compactToMemory;
