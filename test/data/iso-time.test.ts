import { afterEach, expect, test } from 'vitest';
import { milliseconds } from '../../src/data/checks.js';
import { literal, rowsOf, withDatabase } from '../../src/data/database.js';
import { isoMilliseconds } from '../../src/data/iso-time.js';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test('times read as they do in files, whatever the zone of this machine', async () => {
  process.env.TZ = 'Asia/Tokyo';
  const times = [
    '2024-01-31',
    '2024-01-31 12:00',
    '2024-01-31T12:00:00',
    '2024-01-31T12:00:00Z',
    '2024-01-31T12:00:00.1234Z',
    '2024-01-31T12:00:00+02',
    '2024-01-31T12:00:00+0230',
    '2024-01-31T12:00:00-02:30',
    '2024-02-29T24:00:00',
    '0099-01-01',
    '2023-02-29',
    '2024-13-01',
    '2024-01-31T12:00:60',
    '2024-01',
    ' 2024-01-31',
    'banana 7',
    '',
  ];
  await withDatabase({}, async (connection) => {
    const cells = times.map((text) => `(${literal(text)})`).join(', ');
    const rows = await rowsOf(connection, `SELECT ${milliseconds('t', false)} AS time FROM (VALUES ${cells}) v(t)`);
    expect(times.map(isoMilliseconds)).toEqual(rows.map(({ time }) => (time === null ? Number.NaN : Number(time))));
  });
});

test('what a Date writes reads back, far from today too', () => {
  for (const time of [0, -1, 8.64e15, -8.64e15, 1e14]) expect(isoMilliseconds(new Date(time).toISOString())).toBe(time);
});
