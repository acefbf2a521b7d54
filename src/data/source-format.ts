import { BoardwalkError } from '../errors.js';

export type SourceFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'arrow';

const endings: Record<string, SourceFormat> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  txt: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
};

export function isGzipped(file: string): boolean {
  return file.toLowerCase().endsWith('.gz');
}

/** The format that a file's name ends in; text formats may be compressed (`.gz`). */
export function formatOf(file: string): SourceFormat {
  const [, ending, packed] = /\.([a-z]+)(\.gz)?$/i.exec(file.toLowerCase()) ?? [];
  const format = endings[ending];
  if (format === undefined || (packed && (format === 'parquet' || format === 'arrow')))
    throw new BoardwalkError(
      'bad_option',
      `The name of ${file} does not say its format. Give it one of the endings ${Object.keys(endings).join(', ')}; ` +
        'text files may also end in .gz.',
      { file },
    );
  return format;
}
