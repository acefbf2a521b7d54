import { defineConfig } from 'vitest/config';

const report = process.env.BOARDWALK_TEST_REPORT;

// No time limits: the machines that run these tests are shared, and a slow run is not a wrong one.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 0,
    hookTimeout: 0,
    pool: 'forks',
    reporters: report ? ['default', 'json'] : ['default'],
    outputFile: report ? { json: report } : {},
  },
});
