import type { FolderKind } from './folder-kind.js';

/** What `boardwalk import` writes, whatever it reads. */
export const importFolder: FolderKind = {
  what: 'an imported data set',
  marker: { file: 'edges.parquet' },
  names: ['pins.parquet', 'boards.parquet', 'test.parquet'],
};
