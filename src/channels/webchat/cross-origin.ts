/** Which pages may speak to the chat. A client that is no browser sends no Origin; its token speaks for it. */

import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

export interface Origins {
  /** Whether the request may go on. Writes the headers that the browser asks for. */
  admit(headers: IncomingHttpHeaders, response: ServerResponse): boolean
  /** For frame-ancestors. */
  list: string[]
}

export function openOrigins(allowed: readonly string[], publicUrl: string): Origins {
  const own = new URL(publicUrl).origin
  const exact = new Set([own, ...allowed.filter((origin) => !origin.includes('*'))])
  const below = allowed.filter((origin) => origin.includes('*')).map((origin) => {
    const [scheme, host] = origin.split('://*')
    return { scheme: `${scheme}://`, host: host! }
  })
  const isBelow = (origin: string) => below.some(({ scheme, host }) => (
    origin.startsWith(scheme) && origin.endsWith(host) && /^[a-z0-9.-]+$/.test(origin.slice(scheme.length, origin.length - host.length))))

  return {
    list: [own, ...allowed],
    admit({ origin, host }, response) {
      response.setHeader('vary', 'origin')
      if (origin === undefined) return true
      // The gateway's own pages, by whatever name they were opened.
      const isOwn = host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
      if (!isOwn && !exact.has(origin) && !isBelow(origin)) return false
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-expose-headers', 'retry-after')
      return true
    },
  }
}

export function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '7200',
    'content-length': '0',
  }).end()
}
