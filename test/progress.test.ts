import { expect, test } from 'vitest';
import { streamProgress } from '../src/progress.js';

function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) > 0 };
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

test('a finished stage leaves one line with its title, its time and its summary', () => {
  const { stream, written } = fakeStream(false);
  streamProgress(stream).stage('sorting edges', 10).finish('10 edges');
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^sorting edges {2}0\.\d s {2}10 edges\n$/);
});

test('a terminal sees the live line replaced, and what is noted stays', () => {
  const { stream, written } = fakeStream(true);
  const progress = streamProgress(stream);
  progress.note('rejected: 2 rows');
  expect(written[0]).toBe('\r\u001b[2Krejected: 2 rows\n');
});

test('updates that come faster than a reader can follow are not written', () => {
  const { stream, written } = fakeStream(false);
  const stage = streamProgress(stream).stage('walking', 1000);
  for (let done = 0; done < 1000; done++) stage.update(done);
  expect(written.length).toBeLessThan(2);
});
