/** Builds the inbox into dist/inbox; in development, passes /api on to a gateway or to the stand-in of the tests. */

import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = process.env.BALCAO_GATEWAY ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/inbox/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../dist/inbox', import.meta.url)),
    emptyOutDir: true,
    // The page forbids data: scripts and styles; small files stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { host: '127.0.0.1', proxy: { '/api': { target: gateway, changeOrigin: false } } },
})
