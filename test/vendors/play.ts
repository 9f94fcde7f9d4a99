/** `npm run play KIND`: the vendor of a channel stands in on this machine, and you are the citizen. See docs/channels/adding.md. */

const vendors: Record<string, () => Promise<{ play(args: string[]): Promise<void> }>> = {
  telegram: () => import('./telegram-play.ts'),
  teams: () => import('./teams-play.ts'),
  sms: () => import('./twilio-play.ts'),
  email: () => import('./mail-play.ts'),
  whatsapp: () => import('./whatsapp-cloud-play.ts'),
  'whatsapp-web': () => import('./whatsapp-page-play.ts'),
}
/** Those that have no vendor. */
const without: Record<string, string> = {
  webchat: 'webchat needs no stand-in: open http://localhost:8080/channels/<name>/exemplo of a running gateway.',
  file: 'file needs no stand-in: append to data/channels/<name>/in.jsonl of a running gateway, e.g. {"id": "1", "from": "ana", "text": "Olá"}',
}

const [name = '', ...args] = process.argv.slice(2)
const load = Object.hasOwn(vendors, name) ? vendors[name] : undefined
if (!load) {
  const aside = Object.hasOwn(without, name) ? without[name] : undefined
  const usage = `npm run play KIND, where KIND is one of ${Object.keys(vendors).join(', ')}. Options stand behind --: npm run play sms -- --port 9000`
  console.log(aside ?? [usage, ...Object.values(without)].join('\n'))
  process.exit(aside !== undefined || name === '' ? 0 : 1)
}
try {
  await (await load()).play(args)
} catch (error) {
  const { code, port, message } = error as { code?: string; port?: number; message: string }
  console.error(code === 'EADDRINUSE' ? `Port ${port} is taken; try: npm run play ${name} -- --port ${Number(port) + 1000}` : message)
  process.exit(1)
}
