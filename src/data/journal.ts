import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, rowsOf } from './database.js';

/**
 * The stages of a long job that are done, kept in the job's own database: a stage's tables and the note that
 * it is done are committed together, so a killed job goes on after the last whole stage.
 */
export class Journal {
  readonly #connection: DuckDBConnection;
  readonly #done: Map<string, unknown>;

  private constructor(connection: DuckDBConnection, done: Map<string, unknown>) {
    this.#connection = connection;
    this.#done = done;
  }

  static async open(connection: DuckDBConnection): Promise<Journal> {
    await connection.run('CREATE TABLE IF NOT EXISTS journal (stage VARCHAR, result VARCHAR)');
    const rows = await rowsOf(connection, 'SELECT stage, result FROM journal');
    return new Journal(
      connection,
      new Map(rows.map(({ stage, result }) => [String(stage), JSON.parse(String(result))])),
    );
  }

  /** The stages that an earlier run finished, in words. */
  get finished(): string {
    return [...this.#done.keys()].join(', ');
  }

  /** Runs a stage, or gives what it gave when it was run before: a value that JSON can hold. */
  async once<T>(stage: string, work: () => Promise<T>): Promise<T> {
    if (this.#done.has(stage)) return this.#done.get(stage) as T;
    await this.#connection.run('BEGIN');
    try {
      const result = await work();
      const text = JSON.stringify(result ?? null);
      await this.#connection.run(`INSERT INTO journal VALUES (${literal(stage)}, ${literal(text)})`);
      await this.#connection.run('COMMIT');
      this.#done.set(stage, result ?? null);
      return result;
    } catch (error) {
      // A statement that failed may have ended the transaction already.
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}
