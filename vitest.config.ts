import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes load real libraries, and trainings give way to whatever else a machine does: slow and busy ones
    // need more than the default five seconds.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Two cores: training tests beside training tests only slow each other down.
    maxWorkers: 2,
  },
});
