/** `npm run test:lts`: the tests again, on the current long-term release of Node, fetched from npm for the occasion. */

import { join } from 'node:path'
import { root, run } from './steps.mjs'

const release = process.env.NODE_RELEASE ?? '24'
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
// The package of the binary itself: the one called `node` fetches it in an install script, and ours are off.
const name = `node-${platform}@${release}`
process.exitCode = await run('npm', ['exec', '--yes', `--package=${name}`, '--', 'node', join(root, 'scripts', 'test.mjs'), '--no-checks', ...process.argv.slice(2)])
