/** One message. */

import { type ComponentChild, h } from 'preact'
import type { Entry, EntryFile } from '../protocol.ts'
import { Icon } from './icons.tsx'
import { Linked, linksIn } from './linkify.tsx'
import type { Outgoing } from './outbox.ts'
import { sizeOf, timeOf } from './times.ts'
import { newTab, type View } from './view.ts'

export function Bubble(view: View & { entry: Entry; isFirst: boolean; isLast: boolean; isLastOwn: boolean }): ComponentChild {
  const { entry: { by, text, files = [], location, at, edited, deleted }, language, words: w, setting, base, isFirst, isLast, isLastOwn } = view
  const isOwn = by === 'citizen'
  const call = isOwn || deleted ? undefined : callIn(text, [setting.publicOrigin, new URL(base).origin])
  return (
    <li class={`message ${isOwn ? 'out' : ''}`}>
      <div class={isFirst && !isOwn ? 'who' : 'sr'} dir="auto">{view.nameOf(view.entry)}</div>
      {(text || deleted) && <div class="bubble"><p class={deleted && 'gone'} dir="auto">{deleted ? w.deleted : <Linked text={text} newTab={w.newTab} />}</p></div>}
      {call && <a class="card call" href={call} {...newTab}><Icon of="video" />{w.call}<span class="sr"> {w.newTab}</span></a>}
      {location && (
        <a class="card" href={`https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}#map=18/${location.latitude}/${location.longitude}`} {...newTab}>
          <Icon of="place" />{location.name ?? location.address ?? w.map}<span class="sr"> {w.newTab}</span>
        </a>
      )}
      {files.map((file) => fileCard(file, view))}
      <div class={isLast || edited ? 'meta' : 'sr'}>
        <time dateTime={at}>{timeOf(new Date(at), language)}</time>
        {edited && !deleted && ` · ${w.edited}`}
        {isLastOwn && ` · ${w.sent}`}
      </div>
    </li>
  )
}

export function Pending({ outgoing: { message, files, state }, words: w, state: { isLost }, conversation }: View & { outgoing: Outgoing }): ComponentChild {
  return (
    <li class={`message out ${state}`}>
      <div class="sr">{w.me}</div>
      {message.text && <div class="bubble"><p dir="auto"><Linked text={message.text} newTab={w.newTab} /></p></div>}
      {files.map(({ name }) => <div class="card"><Icon of="file" /><bdi>{name}</bdi></div>)}
      <div class="meta">
        {state === 'refused'
          ? [
            <span class="wrong" role="alert">{w.refused}</span>,
            <button type="button" onClick={() => conversation.again(message.id)}>{w.again}</button>,
            <button type="button" onClick={() => conversation.drop(message.id)}>{w.drop}</button>,
          ]
          : state === 'sent' ? w.sent : isLost ? w.waiting : w.sending}
      </div>
    </li>
  )
}

function fileCard({ kind, name, bytes, url }: EntryFile, { words: w, language, ui, draw }: View): ComponentChild {
  const title = name || (kind === 'image' ? w.image : w.file)
  if (url && kind === 'image' && !ui.hidden.has(url)) {
    // A page whose own rules forbid foreign pictures gets a card instead.
    const hide = () => {
      ui.hidden.add(url)
      draw()
    }
    return <a class="picture" href={url} {...newTab}><img src={`${url}&show=1`} alt={`${w.image}: ${title}`} onError={hide} onLoad={draw} /></a>
  }
  const inside = [<Icon of="file" />, <bdi>{title}<small>{url ? sizeOf(bytes, language) : w.fetching}</small></bdi>]
  return url ? <a class="card" href={url} {...newTab}>{inside}</a> : <div class="card">{inside}</div>
}

/** The first link to a video call of the town's own. */
function callIn(text: string, origins: string[]): string | undefined {
  for (const piece of linksIn(text)) {
    if (typeof piece === 'string') continue
    const { origin, pathname } = new URL(piece.href)
    if (origins.includes(origin) && pathname.startsWith('/call/')) return piece.href
  }
  return undefined
}
