import { literal } from './database.js';

/** One way in which a row can be wrong: the condition, and what the reject file says of it. */
export interface Check {
  readonly condition: string;
  readonly field: string | null;
  readonly reason: string;
  /** What is quoted beside the reason. */
  readonly content: string;
}

/**
 * Milliseconds since 1970 from text, as SQL: ISO 8601 dates and times (UTC where no zone is given), days
 * written 20240131, or epoch numbers, which are seconds below 10^11, milliseconds below 10^14, else
 * microseconds. Null where it is none of these, or no day of the calendar.
 */
export function milliseconds(text: string): string {
  const number = `try_cast(${text} AS DOUBLE)`;
  return `(CASE
    WHEN regexp_full_match(${text}, '(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])')
      THEN epoch_ms(try_strptime(${text}, '%Y%m%d'))
    WHEN regexp_full_match(${text}, '-?[0-9]{1,17}([.][0-9]+)?')
      THEN CAST(CASE WHEN abs(${number}) < 1e11 THEN ${number} * 1000
                     WHEN abs(${number}) < 1e14 THEN ${number} ELSE ${number} / 1000 END AS BIGINT)
    WHEN regexp_matches(${text}, '^[0-9]{4}-') THEN epoch_ms(try_cast(${text} AS TIMESTAMPTZ)) END)`;
}

export function missingId(column: string, text: string): Check {
  return { condition: `coalesce(${text}, '') = ''`, field: column, reason: 'missing id', content: 'NULL' };
}

export function badTime(column: string, text: string): Check {
  return {
    condition: `${text} IS NOT NULL AND ${milliseconds(text)} IS NULL`,
    field: column,
    reason: 'unreadable time',
    content: text,
  };
}

/** Weights are finite 32-bit floats of 0 and more. */
export function badWeight(column: string, text: string): Check[] {
  const number = `try_cast(${text} AS FLOAT)`;
  return [
    {
      condition: `${text} IS NOT NULL AND NOT coalesce(isfinite(${number}), false)`,
      field: column,
      reason: 'not a number',
      content: text,
    },
    { condition: `${number} < 0`, field: column, reason: 'negative weight', content: text },
  ];
}

/** The number, from 1, of the first check that a row fails; null for a good row. */
export function firstFailed(checks: readonly Check[]): string {
  const cases = checks.map(({ condition }, index) => `WHEN ${condition} THEN ${index + 1}`);
  return `CAST(CASE ${cases.join(' ')} END AS UTINYINT)`;
}

/** An expression over the failed check's number. */
export function perCheck(problem: string, checks: readonly Check[], value: (check: Check) => string): string {
  const cases = checks.map((check, index) => `WHEN ${index + 1} THEN ${value(check)}`);
  return `CASE ${problem} ${cases.join(' ')} END`;
}

export function fieldOf(check: Check): string {
  return check.field === null ? 'NULL' : literal(check.field);
}
