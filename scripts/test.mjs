/** `npm test`: builds, runs the checks and every test, and ends with one line that says how many held. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale } from './build.mjs'
import { checks } from './check.mjs'
import { root, run, runAll } from './steps.mjs'

const [withoutChecks, rest] = [process.argv.includes('--no-checks'), process.argv.slice(2).filter((each) => each !== '--no-checks')]

const built = await buildIfStale().then(() => true, (error) => {
  process.stderr.write(`${error.message}\n✗ build\n`)
  return false
})
const checked = withoutChecks ? { passed: 0, failed: 0 } : await runAll(checks())

const folder = mkdtempSync(join(tmpdir(), 'balcao-results-'))
const results = join(folder, 'results.json')
const code = await run(process.execPath, [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...rest,
])
const tested = countsOf(results)
rmSync(folder, { recursive: true, force: true })

const failed = checked.failed + tested.failed + (built ? 0 : 1)
process.stdout.write(`\n${checked.passed + tested.passed} passed, ${failed} failed${tested.skipped > 0 ? `, ${tested.skipped} skipped` : ''}\n`)
process.exitCode = failed > 0 || code !== 0 ? 1 : 0

/** A test file that cannot even be read counts as one that failed. */
function countsOf(file) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(file, 'utf8'))
    const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed')).length
    return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
