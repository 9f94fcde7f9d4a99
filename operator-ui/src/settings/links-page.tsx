/** The link catalogue, as the configuration has it. */

import { useSession } from '../session-data.tsx'
import { Empty } from '../ui/states.tsx'
import { inLanguage, useSpeech } from '../words.ts'

export function LinksPage() {
  const { words, language } = useSpeech()
  const { links } = useSession()
  const say = words.settings.link
  if (links.length === 0) return <Empty icon="link" title={words.composer.emptyLinks} text={say.intro} />
  return (
    <>
      <p className="intro">{say.intro}</p>
      <div className="table-scroll" role="region" aria-label={words.settings.links} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.label}</th>
              <th scope="col">{say.kind}</th>
              <th scope="col">{say.topic}</th>
              <th scope="col">{say.url}</th>
            </tr>
          </thead>
          <tbody>
            {links.map((link) => (
              <tr key={link.id}>
                <th scope="row">{inLanguage(link.label, language)}</th>
                <td>{say.kinds[link.kind]}</td>
                <td>{link.topic ?? ''}</td>
                <td>
                  {/^https?:\/\//i.test(link.url) ? (
                    <a href={link.url} target="_blank" rel="noopener noreferrer">
                      {link.url}
                    </a>
                  ) : (
                    link.url
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
