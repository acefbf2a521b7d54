import type { DuckDBConnection } from '@duckdb/node-api';
import { badTime, type Check, firstFailed, missingId } from './checks.js';
import { type ColumnMapping, findVectors, resolveColumns, type VectorColumns } from './columns.js';
import { identifier, literal, numberOf, rowsOf } from './database.js';
import { placedRows, rejectLines, rejectPlaces, rejectRows } from './rejects.js';
import { openSource, readError, type SourceFile } from './source-file.js';
import type { StagedFile } from './stage-edges.js';

/** A vector column of the staged table. */
export interface StagedVector {
  name: string;
  /** Its column in the table, of type `FLOAT[]`. */
  column: string;
  dimension: number;
}

export interface StagedNodes extends StagedFile {
  /** Rows that repeated an earlier one. */
  duplicates: number;
  /** Attributes that at least one row has, as columns of the table; `created_at` in milliseconds. */
  attributes: string[];
  vectors: StagedVector[];
}

function vectorCell(source: SourceFile, { columns }: VectorColumns): string {
  if (source.vectors.includes(columns[0])) return source.vector(columns[0]);
  const texts = columns.map((column) => source.text(column));
  const cells = texts.map((text) => `try_cast(${text} AS FLOAT)`);
  return `CASE WHEN ${texts.map((text) => `${text} IS NOT NULL`).join(' OR ')} THEN [${cells.join(', ')}] END`;
}

function checksFor(source: SourceFile, columns: Map<string, string>, vectors: readonly VectorColumns[]): Check[] {
  const checks: Check[] = [];
  if (source.broken) checks.push({ ...source.broken, field: null });
  for (const [ours, theirs] of columns) {
    if (ours.endsWith('_id')) checks.push(missingId(ours, source.text(theirs)));
    if (ours === 'created_at') checks.push(badTime(ours, source.text(theirs), source.time(theirs, true)));
  }
  // A typed file's lists always convert; a JSON cell may hold anything.
  for (const {
    name,
    columns: [column],
  } of source.format === 'jsonl' ? vectors : []) {
    const text = source.text(column);
    if (source.vectors.includes(column))
      checks.push({
        condition: `${text} IS NOT NULL AND ${source.vector(column)} IS NULL`,
        field: name,
        reason: 'not a vector',
        content: text,
      });
  }
  return checks;
}

/** Whether numbered columns are a vector: most rows that have them hold numbers alone, and not words. */
async function holdsNumbers(connection: DuckDBConnection, table: string, column: string): Promise<boolean> {
  const whole = `list_count(${column}) = len(${column})`;
  const more = `SELECT 2 * count(*) FILTER (${whole}) > count(${column}) FROM ${table}`;
  return (await numberOf(connection, more)) > 0;
}

/** Removes rows whose vector has another length than most, or a cell that is no finite number. */
async function checkVector(
  connection: DuckDBConnection,
  source: SourceFile,
  table: string,
  { name, column, dimension }: StagedVector,
): Promise<void> {
  const wrongLength = `len(${column}) <> ${dimension}`;
  const wrongCell = `list_count(list_filter(${column}, lambda cell : isfinite(cell))) < len(${column})`;
  const wrong = `${column} IS NOT NULL AND (${wrongLength} OR ${wrongCell})`;
  await rejectPlaces(
    connection,
    source,
    `SELECT place, ${literal(name)} AS field,
       CASE WHEN ${wrongLength} THEN 'vector of another length' ELSE 'vector with a cell that is no number' END AS reason,
       CASE WHEN ${wrongLength} THEN len(${column}) || ' instead of ${dimension}' ELSE ${column}::VARCHAR END AS content
     FROM ${table} WHERE ${wrong}`,
  );
  await connection.run(`DELETE FROM ${table} WHERE ${wrong}`);
}

/** Keeps each node's first row. A later one is a duplicate where it says nothing else, and is rejected where it does. */
async function foldDuplicates(
  connection: DuckDBConnection,
  source: SourceFile,
  table: string,
  fields: readonly { column: string; field: string }[],
): Promise<number> {
  await connection.run(
    `CREATE TEMP TABLE repeated AS SELECT id, min(place) AS first, count(*) AS rows FROM ${table} GROUP BY id HAVING count(*) > 1`,
  );
  const later = await numberOf(connection, 'SELECT coalesce(sum(rows - 1), 0) FROM repeated');
  let contradicting = 0;
  if (later > 0) {
    const differs = fields.map(({ column, field }) => ({
      when: `b.${column} IS NOT NULL AND b.${column} IS DISTINCT FROM a.${column}`,
      field: literal(field),
      content: `b.${column}::VARCHAR`,
    }));
    if (differs.length > 0) {
      const before = await numberOf(connection, 'SELECT count(*) FROM rejects');
      await rejectPlaces(
        connection,
        source,
        `SELECT b.place, CASE ${differs.map(({ when, field }) => `WHEN ${when} THEN ${field}`).join(' ')} END AS field,
           'contradicts an earlier row' AS reason,
           CASE ${differs.map(({ when, content }) => `WHEN ${when} THEN ${content}`).join(' ')} END AS content
         FROM repeated JOIN ${table} a ON a.place = repeated.first
         JOIN ${table} b ON b.id = repeated.id AND b.place <> repeated.first
         WHERE ${differs.map(({ when }) => `(${when})`).join(' OR ')}`,
      );
      contradicting = (await numberOf(connection, 'SELECT count(*) FROM rejects')) - before;
    }
    await connection.run(
      `DELETE FROM ${table} USING repeated WHERE ${table}.id = repeated.id AND place <> repeated.first`,
    );
  }
  await connection.run('DROP TABLE repeated');
  return later - contradicting;
}

/** Reads a file of pins or boards into the table `pins` or `boards`: place, id, attributes, vectors. */
export async function stageNodes(
  connection: DuckDBConnection,
  role: 'pins' | 'boards',
  file: string,
  mapping?: ColumnMapping,
): Promise<StagedNodes> {
  const source = await openSource(connection, file, role);
  const columns = resolveColumns(role, file, source.columns, mapping);
  const used = new Set(columns.values());
  const others = source.columns.filter((column) => !used.has(column));
  const found = findVectors(others, source.vectors);
  const { vectors, ignored } = role === 'pins' ? found : { vectors: [], ignored: others };
  const checks = checksFor(source, columns, vectors);

  const names = [...columns.keys()].filter((name) => !name.endsWith('_id'));
  const cell = (name: string): string => {
    const column = columns.get(name) as string;
    return name === 'created_at' ? source.time(column, true) : `nullif(${source.text(column)}, '')`;
  };
  const id = source.text(columns.get(role === 'pins' ? 'pin_id' : 'board_id') as string);
  const cells = [
    `${id} AS id`,
    ...names.map((name) => `${cell(name)} AS ${identifier(name)}`),
    ...vectors.map((vector, index) => `${vectorCell(source, vector)} AS vector_${index}`),
    `${firstFailed(checks)} AS problem`,
  ];
  try {
    await connection.run(
      `CREATE OR REPLACE TABLE ${role} AS SELECT place, ${cells.join(', ')} FROM ${placedRows(source, 'first')}`,
    );
    const lines = await rejectLines(connection, source);
    const rows = await numberOf(connection, `SELECT count(*) FROM ${role}`);
    if ((await numberOf(connection, `SELECT count(problem) FROM ${role}`)) > 0) {
      await rejectRows(connection, source, checks);
      await connection.run(`DELETE FROM ${role} WHERE problem IS NOT NULL`);
    }
    const staged: StagedVector[] = [];
    for (const [index, { name, columns: parts }] of vectors.entries()) {
      const column = `vector_${index}`;
      const [common] = await rowsOf(
        connection,
        `SELECT len(${column}) AS dimension FROM ${role} WHERE len(${column}) > 0 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
      );
      if (common === undefined) continue;
      if (!source.vectors.includes(parts[0]) && !(await holdsNumbers(connection, role, column))) {
        ignored.push(...parts);
        continue;
      }
      staged.push({ name, column, dimension: Number(common.dimension) });
      await checkVector(connection, source, role, staged[staged.length - 1]);
    }
    const fields = [
      ...names.map((name) => ({ column: identifier(name), field: name })),
      ...staged.map(({ column, name }) => ({ column, field: name })),
    ];
    const duplicates = await foldDuplicates(connection, source, role, fields);
    const attributes: string[] = [];
    for (const name of names)
      if ((await numberOf(connection, `SELECT count(${identifier(name)}) FROM ${role}`)) > 0) attributes.push(name);
    return { rows: rows + lines, ignored, duplicates, attributes, vectors: staged };
  } catch (error) {
    throw readError(file, error);
  }
}
