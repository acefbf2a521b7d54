import { join } from 'node:path';

/** Each data set's tests; related pins are drawn from the boards of the first. */
const names: Record<string, Record<string, string>> = {
  'citeulike-t': { warm: 'test_warm.tsv', cold: 'test_cold.tsv' },
  'awesome-boards': { test: 'test.tsv' },
  gowalla: { test: 'test.tsv' },
};

/** The tests of a data set by name, as files in its folder. */
export function testFiles(set: string, folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(names[set]).map(([name, file]) => [name, join(folder, file)]));
}
