import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes load real libraries: slow machines need more than the default five seconds.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: training tests beside training tests only slow each other down.
    maxWorkers: 2,
  },
});
