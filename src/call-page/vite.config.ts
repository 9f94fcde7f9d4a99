/** Builds the citizen's call page into dist/call-page: dist/call is the compiled server part. */

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/call/',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('../../dist/call-page', import.meta.url)),
    emptyOutDir: true,
    // The page forbids data: scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: false,
    target: ['chrome97', 'firefox104', 'safari16.4'],
  },
})
