/** The link catalogue, as the configuration has it. */

import { useNames, useSession } from '../session-data.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty } from '../ui/states.tsx'
import { inLanguage, useSpeech } from '../words.ts'

const icons = { form: 'form', appointment: 'calendar', page: 'globe' } as const

export function LinksPage() {
  const { words, language } = useSpeech()
  const { links } = useSession()
  const names = useNames()
  const say = words.settings.link
  if (links.length === 0) return <Empty icon="link" title={words.composer.emptyLinks} text={say.intro} />
  return (
    <>
      <p className="intro">{say.intro}</p>
      <ul className="cards list" aria-label={words.settings.links}>
        {links.map((link) => (
          <li key={link.id} className="card link-card">
            <Icon name={icons[link.kind]} />
            <div>
              <h2>{inLanguage(link.label, language)}</h2>
              {/^https?:\/\//i.test(link.url) ? (
                <a href={link.url} target="_blank" rel="noopener noreferrer">
                  {link.url}
                </a>
              ) : (
                link.url
              )}
            </div>
            <p className="tags">
              <span className="tag">{say.kinds[link.kind]}</span>
              {link.topic && <span className="tag">{names.topic(link.topic)}</span>}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
