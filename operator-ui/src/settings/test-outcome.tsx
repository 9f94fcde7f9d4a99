/** What became of a test message, in plain words, and where it is seen. */

import { Link } from 'wouter'
import type { TestMessageResult } from '../../../src/operator-api.types.ts'
import { reasonOf } from '../conversation/delivery.tsx'
import { useSpeech } from '../words.ts'

export function TestOutcome({ result }: { result: TestMessageResult | undefined }) {
  const { words, language } = useSpeech()
  const say = words.settings.channel.testMessage
  return (
    <div role="status">
      {result && (
        <p className={result.sent ? 'test-message-sent' : 'form-problem'}>
          {result.sent ? say.sent : reasonOf(result, words, language)}
          {result.conversationId && (
            <>
              {' '}
              <Link href={`/c/${result.conversationId}?view=all`}>{say.seeIt}</Link>
            </>
          )}
        </p>
      )}
    </div>
  )
}
