/** A place as the citizen sent it: its name, its coordinates, and a link. No map is fetched from elsewhere. */

import type { Location } from '../../../src/core/model.ts'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useWords } from '../words.ts'

export function Place({ location }: { location: Location }) {
  const words = useWords()
  const { latitude, longitude } = location
  const where = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
  return (
    <div className="place">
      <span className="place-map" aria-hidden="true">
        <Icon name="pin" size={24} />
      </span>
      <span>
        <b>
          <bdi>{withoutControls(location.name ?? words.thread.location)}</bdi>
        </b>
        {location.address && (
          <small>
            <bdi>{withoutControls(location.address)}</bdi>
          </small>
        )}
        <small>{where}</small>
        <a
          href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          {words.thread.openMap}
        </a>
      </span>
    </div>
  )
}
