import { identifier, literal, withDatabase } from './database.js';

/** A row of text cells; null is an empty cell. */
export type TextRow<Column extends string> = Readonly<Record<Column, string | null>>;

/** Writes text columns as Parquet (zstd), in the order of the rows. */
export async function writeTextParquet<Column extends string>(
  path: string,
  columns: readonly Column[],
  rows: Iterable<TextRow<Column>>,
): Promise<void> {
  await withDatabase({ threads: 1 }, async (connection) => {
    await connection.run(`CREATE TABLE rows (${columns.map((name) => `${identifier(name)} VARCHAR`).join(', ')})`);
    const appender = await connection.createAppender('rows');
    for (const row of rows) {
      for (const column of columns) {
        const cell = row[column];
        if (cell === null) appender.appendNull();
        else appender.appendVarchar(cell);
      }
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`COPY rows TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)`);
  });
}
