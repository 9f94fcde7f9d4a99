/** Two files: widget.js, a classic script for any page, and the app, a module that is loaded when the chat is opened. */

import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))

/** For pages of any encoding, and with nothing in the page's own scope. Vite's own way to import needs a module around it. */
const classicScript: Plugin = {
  name: 'classic-script',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const loader = bundle['widget.js']
    if (loader?.type !== 'chunk') return
    const code = loader.code.replace('IMPORT_APP(', 'import(').replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    loader.code = `(()=>{${code.trim()}})();`
  },
}

/** Vite's helper would look for styles to fetch first; there are none. */
const noPreload: Plugin = {
  name: 'no-preload',
  enforce: 'pre',
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (work) => work()' : undefined),
}

export default defineConfig({
  root: here,
  publicDir: false,
  logLevel: 'warn',
  plugins: [noPreload, classicScript],
  oxc: { jsx: { runtime: 'classic', pragma: 'h', development: false } },
  build: {
    outDir: fileURLToPath(new URL('../../../../dist/widget', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome97', 'firefox104', 'safari16.4'],
    modulePreload: false,
    rolldownOptions: {
      input: { widget: `${here}loader.ts`, app: `${here}app.tsx` },
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: ({ name }) => (name === 'widget' ? 'widget.js' : 'app-[hash].js'), chunkFileNames: 'words-[name]-[hash].js' },
    },
  },
})
