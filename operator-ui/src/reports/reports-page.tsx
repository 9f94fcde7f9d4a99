/** How many, how fast, how satisfied: a period, against the one before, in groups, with what stands behind each figure. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { get } from '../api.ts'
import { useSession } from '../session-data.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { inLanguage, useSpeech } from '../words.ts'
import { Bars } from './bars.tsx'
import { Behind } from './behind.tsx'
import {
  type Definition,
  type Grouping,
  groupings,
  numberOf,
  type Report,
  type SpanName,
  spanOf,
  spans,
  written,
} from './figures.ts'
import { reportWords } from './words.ts'
import './reports.css'

const sections: { name: 'people' | 'bot' | 'video' | 'quality'; keys: string[] }[] = [
  { name: 'people', keys: ['conversations', 'handed', 'closed', 'wait', 'firstResponse', 'handling', 'resolution'] },
  { name: 'quality', keys: ['score', 'satisfied', 'answeredInTime', 'answeredLate', 'settledLate', 'reopened', 'moved', 'failed', 'unknown'] },
  { name: 'bot', keys: ['botAlone', 'noAnswer', 'helpful', 'unhelpful'] },
  { name: 'video', keys: ['callsAsked', 'callsTaken', 'callsMissed', 'callMinutes', 'callScore'] },
]
export default function ReportsPage() {
  const { language, locale } = useSpeech()
  const say = reportWords[language]
  const session = useSession()
  const [span, setSpan] = useState<SpanName>('last30')
  const [by, setBy] = useState<Grouping>('department')
  const [opened, setOpened] = useState<{ figure: string; title: string; key?: string }>()
  const { from, to } = spanOf(span, new Date())
  const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), by, language }).toString()
  const report = useQuery({
    queryKey: ['numbers', query],
    queryFn: ({ signal }) => get<Report>(`/api/numbers?${query}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
  const month = `${from.getFullYear()}-${String(from.getMonth() + 1).padStart(2, '0')}`

  return (
    <main className="reports">
      <header className="reports-head">
        <Link href="/" className="settings-back">
          <Icon name="back" size={18} />
          <span>{say.back}</span>
        </Link>
        <h1>{say.title}</h1>
        <label>
          {say.period}{' '}
          <select value={span} onChange={(event) => setSpan(event.target.value as SpanName)}>
            {spans.map((name) => (
              <option key={name} value={name}>
                {say[name]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say.by}{' '}
          <select value={by} onChange={(event) => setBy(event.target.value as Grouping)}>
            {groupings.map((name) => (
              <option key={name} value={name}>
                {say.groups[name]}
              </option>
            ))}
          </select>
        </label>
        <nav className="reports-files" aria-label={say.csv}>
          <a href={`/api/numbers/export.csv?${query}`}>{say.csv}</a>
          <a href={`/api/numbers/export.xlsx?${query}`}>{say.xlsx}</a>
          <a href={`/api/numbers/monthly?month=${month}`} target="_blank" rel="noreferrer">
            {say.print}
          </a>
          <a href={`/api/numbers/open-data.csv?${query}`}>{say.openData}</a>
          <Link href="/wall">{say.wall}</Link>
        </nav>
      </header>
      {report.isPending ? (
        <Loading />
      ) : report.error ? (
        <Failed problem={report.error} onRetry={() => void report.refetch()} />
      ) : (
        <>
          <Now report={report.data} />
          {!report.data.whole ? (
            <Empty icon="inbox" title={say.nothing} />
          ) : (
            <>
              {sections.map(({ name, keys }) => (
                <section key={name} aria-labelledby={`figures-${name}`}>
                  <h2 id={`figures-${name}`}>{say[name]}</h2>
                  <ul className="figures">
                    {keys
                      .flatMap((key) => report.data.definitions.find((one) => one.key === key) ?? [])
                      .map((definition) => (
                        <Figure
                          key={definition.key}
                          definition={definition}
                          report={report.data}
                          onOpen={() => setOpened({ figure: definition.key, title: inLanguage(definition, language) })}
                        />
                      ))}
                  </ul>
                </section>
              ))}
              <section aria-labelledby="figures-groups">
                <h2 id="figures-groups">{say.groups[by]}</h2>
                <Bars lines={report.data.lines} figure="conversations" title={`${say.chart}: ${say.groups[by]}`} />
                <div className="table-scroll" tabIndex={0} role="region" aria-labelledby="figures-groups">
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">{say.group}</th>
                        {report.data.definitions.map((one) => (
                          <th key={one.key} scope="col" title={language === 'en' ? one.explainEn : one.explainPt}>
                            {inLanguage(one, language)}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {report.data.lines.map((line) => (
                        <tr key={line.key}>
                          <th scope="row">{line.label}</th>
                          {report.data.definitions.map(({ key, unit, ...name }) => (
                            <td key={key}>
                              <button
                                type="button"
                                className="link"
                                onClick={() =>
                                  setOpened({
                                    figure: key,
                                    title: `${line.label} · ${inLanguage(name, language)}`,
                                    key: line.key,
                                  })
                                }
                              >
                                {written(numberOf(line, unit === 'duration' ? `${key}P50` : key), unit, locale)}
                              </button>
                            </td>
                          ))}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </section>
            </>
          )}
        </>
      )}
      {opened && (
        <Behind
          title={opened.title}
          query={`${query}&figure=${opened.figure}${opened.key === undefined ? '' : `&key=${encodeURIComponent(opened.key)}`}`}
          onClose={() => setOpened(undefined)}
        />
      )}
    </main>
  )

  function Now({ report: { backlog } }: { report: Report }) {
    if (backlog.length === 0) return null
    const name = (id: string) =>
      inLanguage(session.departments.find((one) => one.id === id)?.name ?? { pt: id, en: id }, language)
    return (
      <section aria-labelledby="figures-now">
        <h2 id="figures-now">{say.now}</h2>
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{say.department}</th>
                <th scope="col">{say.waiting}</th>
                <th scope="col">{say.oldest}</th>
                <th scope="col">{say.assigned}</th>
                <th scope="col">{say.snoozed}</th>
                <th scope="col">{say.overdue}</th>
              </tr>
            </thead>
            <tbody>
              {backlog.map((row) => (
                <tr key={row.departmentId}>
                  <th scope="row">{name(row.departmentId)}</th>
                  <td>{row.waiting}</td>
                  <td>
                    {row.oldestWaiting ? written(Date.now() - Date.parse(row.oldestWaiting), 'duration', locale) : '—'}
                  </td>
                  <td>{row.assigned}</td>
                  <td>{row.snoozed}</td>
                  <td>{row.overdue}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    )
  }
}

function Figure({ definition, report, onOpen }: { definition: Definition; report: Report; onOpen(): void }) {
  const { language, locale } = useSpeech()
  const say = reportWords[language]
  const { key, unit } = definition
  const main = unit === 'duration' ? `${key}P50` : key
  const title = inLanguage(definition, language)
  return (
    <li className="figure">
      <button type="button" onClick={onOpen}>
        <span className="figure-name">{title}</span>
        <b>{written(numberOf(report.whole, main), unit, locale)}</b>
        {unit === 'duration' && (
          <span className="figure-more">
            {say.p90} {written(numberOf(report.whole, `${key}P90`), unit, locale)}
            {numberOf(report.whole, `${key}OpenP50`) !== null && (
              <>
                {' '}
                · {written(numberOf(report.whole, `${key}OpenP50`), unit, locale)} {say.open}
              </>
            )}
          </span>
        )}
        <span className="figure-more">
          {say.before}: {written(numberOf(report.before, main), unit, locale)}
        </span>
        <span className="figure-why">{language === 'en' ? definition.explainEn : definition.explainPt}</span>
      </button>
    </li>
  )
}
