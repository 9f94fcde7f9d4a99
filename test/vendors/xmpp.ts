/** As much of a Jitsi browser as Prosody meets before any picture: a line over BOSH with a token, and rooms. */

import { domain } from './prosody.ts'

export interface Line {
  /** The room's first word about oneself: what others see, or why not. */
  join(room: string): Promise<string>
  leave(room: string): Promise<void>
  /** Asks the focus for a room, as the page of Jitsi does before it joins. The whole answer. */
  conference(room: string): Promise<string>
}

const maxRounds = 20

/** A line, or why the token was refused. */
export async function dial(bosh: string, token: string | null): Promise<Line | string> {
  let rid = 1_000_000
  let sid = ''
  const url = token === null ? bosh : `${bosh}?token=${token}`
  const send = async (payload: string, more = ''): Promise<string> => {
    rid += 1
    const response = await fetch(url, {
      method: 'POST', headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: `<body xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh" rid="${rid}" ${sid ? `sid="${sid}"` : ''} ${more}>${payload}</body>`,
    })
    return response.text()
  }
  const until = async (said: string, fits: RegExp): Promise<string> => {
    let all = said
    for (let round = 0; round < maxRounds && !fits.test(all); round += 1) all += await send('')
    if (!fits.test(all)) throw new Error(`Prosody said ${all.slice(0, 1_000)}`)
    return all
  }

  const opened = await send('', `to="${domain}" ver="1.6" wait="1" hold="1" xml:lang="en" xmpp:version="1.0"`)
  sid = /\bsid=['"]([^'"]+)/.exec(opened)?.[1] ?? ''
  const auth = await until(await send('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>'), /<(success|failure)\b/)
  if (!/<success\b/.test(auth)) return plain(/<text\b[^>]*>([^<]*)/.exec(auth)?.[1] ?? auth)
  await until(await send('', `to="${domain}" xmpp:restart="true"`), /xmpp-bind/)
  await until(await send('<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>'), /<jid>/)

  const muc = (room: string) => `${room}@conference.${domain}`
  return {
    async join(room) {
      const presence = `<presence xmlns="jabber:client" to="${muc(room)}/nick"><x xmlns="http://jabber.org/protocol/muc"/></presence>`
      const said = await until(await send(presence), /<presence\b[^>]*type=['"]error|<status\b[^>]*code=['"]110/)
      return /type=['"]error/.test(said) ? plain(/<text\b[^>]*>([^<]*)/.exec(said)?.[1] ?? said) : said
    },
    async leave(room) {
      await until(await send(`<presence xmlns="jabber:client" type="unavailable" to="${muc(room)}/nick"/>`), /type=['"]unavailable/)
    },
    async conference(room) {
      const asked = `<iq xmlns="jabber:client" type="set" id="conf" to="focus.${domain}"><conference xmlns="http://jitsi.org/protocol/focus" room="${muc(room)}"/></iq>`
      return until(await send(asked), /<iq\b[^>]*\bid=['"]conf/)
    },
  }
}

const plain = (xml: string) => xml.replaceAll('&apos;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
