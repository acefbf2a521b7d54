/** The length of the vector of `dimension` numbers that begins at `start`. */
export function lengthOf(vectors: Float32Array, start: number, dimension: number): number {
  let square = 0;
  for (let i = 0; i < dimension; i++) square += vectors[start + i] * vectors[start + i];
  return Math.sqrt(square);
}
