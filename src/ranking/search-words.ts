import MiniSearch from 'minisearch';

const spaced = MiniSearch.getDefault('tokenize') as (text: string) => string[];

/** Letters of scripts that write words without a space between them, each with its marks; the long vowel is of two scripts. */
const letters = '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}ーｰ\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}]\\p{M}*';
/** A flag is two letters; longer sequences are told by the pictures in them, whatever the tone of skin. */
const picture = '\\p{RI}{2}|\\p{ExtPict}';
const joining = '\\u200d\\ufe0e\\ufe0f\\p{EMod}';

const letter = new RegExp(letters, 'gu');
const within = new RegExp(`${letters}|${picture}`, 'u');
const parts = new RegExp(`(?<run>(?:${letters})+)|${picture}|(?:(?!${letters}|${picture})[^${joining}])+`, 'gu');

/**
 * The words that search knows a text by: what stands between spaces and punctuation. Where a script writes none, each
 * letter with the next, so that whatever one types of it begins a word, and each emoji by itself.
 */
export function searchWords(text: string): string[] {
  return spaced(text).flatMap((word) => (within.test(word) ? partsOf(word) : word));
}

function partsOf(word: string): string[] {
  return Array.from(word.matchAll(parts)).flatMap(([part, run]) => {
    if (run === undefined) return [part];
    const each = run.match(letter) ?? [];
    return each.map((one, at) => one + (each[at + 1] ?? ''));
  });
}
