import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const slow = 'test/**/*.slow.test.ts'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    disableConsoleIntercept: true,
    pool: 'forks',
    // Most of them wait for a lab of their own more than they compute.
    maxWorkers: availableParallelism() + 1,
    // Whole programs wait for each other: on a busy machine one may have a second try, and the report names it.
    retry: process.env.CI ? 1 : 0,
    reporters: ['default', './test/support/count-reporter.mjs'],
    projects: [
      // What a newcomer waits for: `npm test`.
      { extends: true, test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [slow, '**/node_modules/**'] } },
      // Long journeys, fuzzing, real daemons and browsers: `npm run test:all`, which is what CI runs.
      { extends: true, test: { name: 'slow', include: [slow], retry: process.env.CI ? 2 : 0 } },
    ],
  },
})
