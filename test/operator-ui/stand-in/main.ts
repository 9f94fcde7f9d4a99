/** `npx tsx test/operator-ui/stand-in/main.ts [port]`: the stand-in by hand, to look at the inbox without a gateway. */

import { password, startStandIn } from './server.ts'

const standIn = await startStandIn({ port: Number(process.argv[2] ?? 8080), conversations: 10_000, longMessages: 5000 })
console.log(`${standIn.url}/inbox/  ana@valeformoso.example  «${password}»`)
