// The arithmetic of training in AssemblyScript with SIMD, over the memory of tfjs's wasm backend. Nothing here
// allocates or holds data of its own; every address is given by wasm-heap.ts. Matrices are row-major float32.
export { adam } from './adam';
export { product, productScratch } from './product';
export { columnSums, rectifiedSlopes, unitRows, unitRowsSlopes } from './rows';
export { sparseProduct } from './sparse';
