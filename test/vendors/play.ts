/** `npm run play KIND`: the vendor of a channel, where it has one, stands in on this machine, and you are the citizen. See docs/channels/adding.md. */

const vendors: Record<string, () => Promise<{ play(args: string[]): Promise<void> }>> = {
  telegram: () => import('./telegram-play.ts'),
  teams: () => import('./teams-play.ts'),
  sms: () => import('./twilio-play.ts'),
  email: () => import('./mail-play.ts'),
  whatsapp: () => import('./whatsapp-cloud-play.ts'),
  'whatsapp-web': () => import('./whatsapp-page-play.ts'),
  webchat: () => import('./webchat-play.ts'),
  file: () => import('./file-play.ts'),
}

const [name = '', ...args] = process.argv.slice(2)
const load = Object.hasOwn(vendors, name) ? vendors[name] : undefined
if (!load) {
  console.log(`npm run play KIND, where KIND is one of ${Object.keys(vendors).join(', ')}. Options stand behind --: npm run play sms -- --port 9000`)
  process.exit(name === '' ? 0 : 1)
}
try {
  await (await load()).play(args)
} catch (error) {
  const { code, port, message } = error as { code?: string; port?: number; message: string }
  console.error(code === 'EADDRINUSE' ? `Port ${port} is taken; try: npm run play ${name} -- --port ${Number(port) + 1000}` : message)
  process.exit(1)
}
