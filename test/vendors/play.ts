/** `npm run play KIND`: the vendor of a channel stands in on this machine, and you are the citizen. See docs/channels/adding.md. */

const vendors: Record<string, () => Promise<{ play(args: string[]): Promise<void> }>> = {
  telegram: () => import('./telegram-play.ts'),
  teams: () => import('./teams-play.ts'),
  sms: () => import('./twilio-play.ts'),
  email: () => import('./mail-play.ts'),
  whatsapp: () => import('./whatsapp-cloud-play.ts'),
  'whatsapp-web': () => import('./whatsapp-page-play.ts'),
}

const [name = '', ...args] = process.argv.slice(2)
const load = vendors[name]
if (!load) {
  console.log(`npm run play KIND, where KIND is one of ${Object.keys(vendors).join(', ')}.`)
  console.log('webchat needs no stand-in: open /channels/<name>/exemplo of a running gateway. file has none: append to its in.jsonl.')
  process.exit(name === '' ? 0 : 1)
}
await (await load()).play(args)
