import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** On a fresh machine nobody knows how long a file takes, and whatever is long and comes last is waited for alone. */
const longestFirst = [
  'channels/storm/storm', 'channels/storm/linked', 'chaos/short', 'chaos/guards', 'operator-ui/accessible', 'channels/whatsapp/web-life', 'bot/endurance', 'core/killed', 'cli/start',
].map((name) => `/test/${name}.test.ts`)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longestFirst.findIndex((name) => moduleId.endsWith(name))
      return at < 0 ? longestFirst.length : at
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/temporary.ts', 'test/database.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most of a test is waiting for a browser or a database: three share two cores well.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // A machine that is busy with something else may be late once; what is wrong is wrong three times.
    retry: process.env.CI ? 2 : 0,
  },
})
