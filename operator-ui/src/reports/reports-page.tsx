/** How many, how fast, how satisfied: a period, against the one before, in groups, with what stands behind each figure. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { get } from '../api.ts'
import { useSession } from '../session-data.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { inLanguage, useSpeech } from '../words.ts'
import { Behind } from './behind.tsx'
import { Chart } from './chart.tsx'
import { Figure } from './figure.tsx'
import { type Grouping, groupings, type Report } from './figures.ts'
import { GroupsTable, type Opened } from './groups-table.tsx'
import { Now } from './now.tsx'
import { dayOf, plus, type SpanName, spanOf, spans } from './span.ts'
import { reportWords } from './words.ts'
import './reports.css'

const sections = ['people', 'quality', 'bot', 'video'] as const

export default function ReportsPage() {
  const { language, locale } = useSpeech()
  const say = reportWords[language]
  const { municipality, channels, departments } = useSession()
  const today = dayOf(new Date(), municipality.timezone)
  const [span, setSpan] = useState<SpanName>('last30')
  const [days, setDays] = useState({ first: plus(today, -89), last: today })
  const [by, setBy] = useState<Grouping>('department')
  const [channel, setChannel] = useState('')
  const [department, setDepartment] = useState('')
  const [charted, setCharted] = useState('conversations')
  const [opened, setOpened] = useState<Opened>()
  const { from, to, beforeFrom, beforeTo } = spanOf(span, new Date(), municipality.timezone, days)
  const query = new URLSearchParams({
    from: from.toISOString(),
    to: to.toISOString(),
    beforeFrom: beforeFrom.toISOString(),
    beforeTo: beforeTo.toISOString(),
    by,
    language,
    ...(channel && { channel }),
    ...(department && { department }),
  }).toString()
  const report = useQuery({
    queryKey: ['numbers', query],
    queryFn: ({ signal }) => get<Report>(`/api/numbers?${query}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
  const month = dayOf(from, municipality.timezone).slice(0, 7)
  const figures = report.data?.definitions ?? []
  const figure = figures.find(({ key }) => key === charted)

  return (
    <main className="reports">
      <header className="reports-head">
        <Link href="/" className="settings-back">
          <Icon name="back" size={18} />
          <span>{say.back}</span>
        </Link>
        <h1>{say.title}</h1>
        <nav className="reports-files" aria-label={say.files}>
          <a href={`/api/numbers/export.csv?${query}`}>{say.csv}</a>
          <a href={`/api/numbers/export.xlsx?${query}`}>{say.xlsx}</a>
          <a href={`/api/numbers/monthly?month=${month}`} target="_blank" rel="noreferrer">
            {say.print}
          </a>
          <a href={`/api/numbers/open-data.csv?${query}`}>{say.openData}</a>
          <Link href="/wall">{say.wall}</Link>
        </nav>
        <div className="reports-choice">
          <Choice label={say.period} value={span} onChange={(value) => setSpan(value as SpanName)}>
            {spans.map((name) => [name, say[name]])}
          </Choice>
          {span === 'other' && (
            <>
              <Day label={say.first} value={days.first} max={days.last} onChange={(first) => setDays({ ...days, first })} />
              <Day label={say.last} value={days.last} min={days.first} max={today} onChange={(last) => setDays({ ...days, last })} />
            </>
          )}
          <Choice label={say.by} value={by} onChange={(value) => setBy(value as Grouping)}>
            {groupings.map((name) => [name, say.groups[name]])}
          </Choice>
          <Choice label={say.groups.channel} value={channel} onChange={setChannel}>
            {[['', say.every], ...channels.map(({ id, name }): [string, string] => [id, name])]}
          </Choice>
          <Choice label={say.groups.department} value={department} onChange={setDepartment}>
            {[['', say.every], ...departments.map(({ id, name }): [string, string] => [id, inLanguage(name, language)])]}
          </Choice>
        </div>
      </header>
      {report.isPending ? (
        <Loading />
      ) : report.error ? (
        <Failed problem={report.error} onRetry={() => void report.refetch()} />
      ) : (
        <>
          <Now backlog={report.data.backlog} />
          {!report.data.whole ? (
            <Empty icon="inbox" title={say.nothing} />
          ) : (
            <>
              {sections.map((section) => (
                <section key={section} aria-labelledby={`figures-${section}`}>
                  <h2 id={`figures-${section}`}>{say[section]}</h2>
                  <ul className="figures">
                    {figures
                      .filter((one) => one.section === section)
                      .map((one) => (
                        <Figure
                          key={one.key}
                          definition={one}
                          report={report.data}
                          onOpen={() => setOpened({ figure: one.key, title: inLanguage(one, language) })}
                        />
                      ))}
                  </ul>
                </section>
              ))}
              <section className="reports-by">
                <div className="reports-groups">
                  <h2 id="figures-groups">{say.groups[by]}</h2>
                  <Choice label={say.chart} value={charted} onChange={setCharted}>
                    {figures.map((one) => [one.key, inLanguage(one, language)])}
                  </Choice>
                </div>
                {figure && (
                  <Chart
                    by={by}
                    lines={report.data.lines}
                    definition={figure}
                    title={`${inLanguage(figure, language)}: ${say.groups[by]}`}
                    locale={locale}
                  />
                )}
                <GroupsTable lines={report.data.lines} definitions={figures} onOpen={setOpened} />
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
}

function Choice({ label, value, onChange, children }: { label: string; value: string; onChange(value: string): void; children: [string, string][] }) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {children.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** An emptied field keeps the day that it had. */
function Day({ label, value, min, max, onChange }: { label: string; value: string; min?: string; max: string; onChange(day: string): void }) {
  return (
    <label>
      {label}{' '}
      <input type="date" value={value} min={min} max={max} onChange={(event) => event.target.value && onChange(event.target.value)} />
    </label>
  )
}
