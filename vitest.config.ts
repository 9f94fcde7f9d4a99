import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/temporary.ts', 'test/database.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most of a test is waiting for a browser or a database: three share two cores well.
    maxWorkers: 3,
    // A machine that is busy with something else may be late once; what is wrong is wrong three times.
    retry: process.env.CI ? 2 : 0,
  },
})
