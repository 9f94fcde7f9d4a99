/** Drawn here, so that nothing is fetched. */

import { type ComponentChild, h } from 'preact'

const paths = {
  send: 'M5 12h13M12.5 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  options: 'M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5',
  attach: 'M20 11.5l-8.2 8.1a5 5 0 01-7.1-7.1l8.3-8.2a3.4 3.4 0 014.8 4.8L9.6 17.2a1.7 1.7 0 01-2.4-2.4l7.4-7.3',
  down: 'M12 5v13M6.5 12.5L12 18l5.5-5.5',
  file: 'M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5',
  video: 'M3.5 7h11v10h-11zM14.5 10.5L20.5 7v10l-6-3.5',
  place: 'M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0113 0C18.5 14.8 12 21 12 21zM12 12.2a2.3 2.3 0 100-4.6 2.3 2.3 0 000 4.6z',
  check: 'M4.5 12.5l4.5 4.5L19.5 6.5',
  clock: 'M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 7.5V12l3 2',
  alert: 'M12 3.5L21.5 20h-19zM12 9.5v5M12 17.2v.1',
  mail: 'M3.5 6h17v12.5h-17zM3.5 6.5l8.5 7 8.5-7',
}

export function Icon({ of }: { of: keyof typeof paths }): ComponentChild {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      <path d={paths[of]} />
    </svg>
  )
}
