// The walks' inner loops in AssemblyScript: what typescript-engine.ts does, over the same bytes, with SIMD.
// Nothing here allocates; every address is given by wasm-engine.ts.
export { advanceBiased, heed } from './biased-steps';
export { walkIn, walkOver } from './addresses';
export { advanceBuilt, advanceLive } from './steps';
export { addTable, clearPlaces, clearSlots, countUntil, drain, pinsHeld, pinsMissing, pool } from './visits';
