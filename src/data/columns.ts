import { BoardwalkError } from '../errors.js';

/** The files that a graph is built from. */
export type Role = 'edges' | 'pins' | 'boards' | 'topics';

interface RoleColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** What can be known of a pin or a board beside its id. */
export const attributeNames = [
  'title',
  'text',
  'url',
  'image',
  'domain',
  'owner',
  'language',
  'topic',
  'created_at',
] as const;

export const roleColumns: Record<Role, RoleColumns> = {
  edges: { required: ['board_id', 'pin_id'], optional: ['added_at', 'weight', 'section'] },
  pins: { required: ['pin_id'], optional: attributeNames },
  boards: { required: ['board_id'], optional: ['title', 'text', 'owner', 'language', 'topic', 'created_at'] },
  topics: { required: ['topic'], optional: ['pin_id', 'board_id'] },
};

/** Which column of the file stands for each of ours, where the names differ. */
export type ColumnMapping = Readonly<Record<string, string>>;

/** Reads `board_id=user,pin_id=item`: our name, then the file's. */
export function parseMapping(role: Role, text: string | undefined): ColumnMapping {
  if (text === undefined) return {};
  const known = [...roleColumns[role].required, ...roleColumns[role].optional];
  const mapping: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const [ours, ...theirs] = pair.split('=');
    if (!known.includes(ours) || theirs.length === 0 || theirs.join('=') === '')
      throw new BoardwalkError(
        'bad_option',
        `--${role.replace(/s$/, '')}-columns holds "${pair}". Write NAME=COLUMN, NAME being one of ${known.join(', ')}.`,
        { field: `${role}-columns` },
      );
    mapping[ours] = theirs.join('=');
  }
  return mapping;
}

/** Our name → the file's, for the columns that the file has. */
export function resolveColumns(
  role: Role,
  file: string,
  found: readonly string[],
  mapping: ColumnMapping = {},
): Map<string, string> {
  const { required, optional } = roleColumns[role];
  const resolved = new Map<string, string>();
  for (const ours of [...required, ...optional]) {
    const theirs = mapping[ours] ?? ours;
    if (found.includes(theirs)) resolved.set(ours, theirs);
    else if (required.includes(ours) || mapping[ours] !== undefined)
      throw new BoardwalkError(
        'bad_file',
        `${file} has no column "${theirs}". It has: ${found.join(', ') || 'none'}. ` +
          `Name the column that holds ${ours} with --${role.replace(/s$/, '')}-columns ${ours}=COLUMN` +
          (found.length === 1 ? ', or, if these are several, part them by commas, semicolons, tabs or bars.' : '.'),
        { file, field: theirs },
      );
  }
  return resolved;
}

/** A vector of each pin: one list column, or numbered columns `name_0 … name_n`. */
export interface VectorColumns {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The vectors among columns that have no other meaning, and what is left over. */
export function findVectors(
  columns: readonly string[],
  lists: readonly string[],
): { vectors: VectorColumns[]; ignored: string[] } {
  const vectors: VectorColumns[] = lists
    .filter((name) => columns.includes(name))
    .map((name) => ({ name, columns: [name] }));
  const numbered = new Map<string, Map<number, string>>();
  const ignored: string[] = [];
  for (const column of columns) {
    if (lists.includes(column)) continue;
    const [, name, digits] = /^(.+)_(0|[1-9]\d*)$/.exec(column) ?? [];
    if (name === undefined) ignored.push(column);
    else numbered.set(name, (numbered.get(name) ?? new Map()).set(Number(digits), column));
  }
  for (const [name, parts] of numbered) {
    const whole = [...parts.keys()].every((part) => part < parts.size);
    if (whole) vectors.push({ name, columns: Array.from(parts.keys(), (_, part) => parts.get(part) as string) });
    else ignored.push(...parts.values());
  }
  return { vectors, ignored };
}
