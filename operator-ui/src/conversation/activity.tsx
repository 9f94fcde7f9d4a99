/** What happened between the messages: who took, moved, closed. */

import type { ActivityType, ActivityView } from '../../../src/operator-api.types.ts'
import { useNames } from '../session-data.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { type Speech, useSpeech } from '../words.ts'

export function Activity({ activity }: { activity: ActivityView }) {
  const speech = useSpeech()
  const names = useNames()
  const sentence = sentenceOf(activity, speech, names)
  return (
    <p className="activity">
      <span>{withoutControls(sentence)}</span>
      <time dateTime={activity.at} title={speech.clock.full(activity.at)}>
        {speech.clock.time(activity.at)}
      </time>
    </p>
  )
}

export function sentenceOf(
  { author, operatorId, what, data }: ActivityView,
  { words, clock }: Speech,
  names: ReturnType<typeof useNames>,
): string {
  const say = words.activity satisfies Record<ActivityType, unknown>
  const text = (key: string) =>
    typeof data[key] === 'string' || typeof data[key] === 'number' ? String(data[key]) : ''
  const list = (key: string) => (Array.isArray(data[key]) ? data[key].map(String) : [])
  const who = author === 'operator' ? names.operator(operatorId) : say[author]
  const submitted = (consent: string | undefined) => {
    const form = [text('title') ? `«${text('title')}»` : text('form'), text('receipt')].filter(Boolean).join(' · ')
    const how = consent === undefined ? undefined : named(words.assist.consented, consent)
    return how === undefined ? say.submit(who, form) : say.assisted(who, form, how)
  }
  switch (what) {
    case 'hand-off':
      if (text('reason') === 'own-phone') return say['own-phone']
      return say['hand-off'](who, named(say.handOff, text('reason')) ?? '')
    case 'assign':
      return author === 'operator' && text('to') === operatorId
        ? say.took(who)
        : say.assign(who, names.operator(text('to')))
    case 'move':
      return say.move(who, names.department(text('to')))
    case 'snooze':
      return say.snooze(who, text('until') ? clock.moment(text('until')) : '')
    case 'close':
      return say.close(who, text('outcome'))
    case 'tag':
      return say.tag(
        who,
        [...list('add').map((tag) => `+${tag}`), ...list('remove').map((tag) => `−${tag}`)].join(', '),
      )
    case 'prioritise':
      return say.prioritise(who, named(words.priority, text('priority')) ?? text('priority'))
    case 'set-language':
      return say['set-language'](who, named(words.languageName, text('language')) ?? text('language'))
    case 'set-topic':
      return say['set-topic'](who, names.topic(text('topic')))
    case 'register':
      return say.register(who, list('names').join(', '))
    case 'submit':
      return submitted(data.assisted === true ? text('consent') : undefined)
    case 'submit-failed':
      return say['submit-failed'](text('receipt'))
    case 'rate':
      return say.rate(text('score'))
    case 'call-declined':
      return data.on === true ? say['call-passed-on'](who) : say['call-declined'](who)
    case 'call-missed':
      return data.by === 'citizen' ? say['call-missed-citizen'] : say['call-missed']
    case 'call-ended': {
      const minutes = typeof data.ms === 'number' ? Math.round(data.ms / 60_000) : 0
      return [say['call-ended'], minutes > 0 && `${minutes} min`, text('outcome')].filter(Boolean).join(' · ')
    }
    case 'delivery-resolved': {
      const decided: Record<string, (who: string) => string> = say.decided
      const decision = text('decision')
      return Object.hasOwn(decided, decision) ? decided[decision]!(who) : say['delivery-resolved'](who)
    }
    case 'react':
      return say.react(who, text('emoji'))
    case 'judge':
      return say.judge(data.helpful === true)
    default: {
      const sentence = Object.hasOwn(say, what) ? (say as Record<string, unknown>)[what] : undefined
      if (typeof sentence === 'string') return sentence
      if (typeof sentence === 'function') return (sentence as (who: string) => string)(who)
      return say.other(who, what)
    }
  }
}

const named = (names: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(names, key) ? names[key] : undefined
