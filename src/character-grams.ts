/** Two letters alone say next to nothing. */
const shortest = 3;

/**
 * A word's character n-grams of 3 to `longest` characters: what it shares with other forms of itself and with what it
 * is compounded of (fastText; Bojanowski et al., TACL 2017, section 3.2). Boundary marks tell a prefix from an infix;
 * "#" is in no word.
 */
export function* characterGramsOf(word: string, longest: number): Generator<string> {
  const marked = `#${word}#`;
  for (let length = shortest; length <= longest; length++)
    for (let at = 0; at + length <= marked.length; at++) yield marked.slice(at, at + length);
}
