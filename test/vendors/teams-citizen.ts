/** A citizen in Teams: what they do becomes an activity, as Teams writes it. */

import type { Json, Shown } from './teams.ts'

export interface Citizen {
  id: string
  conversationId: string
  /** What they see of the bot. */
  inbox: Shown[]
  writes(text: string, more?: Json): Promise<Delivered>
  /** A button of the newest card that has it, or of this one. */
  presses(label: string, of?: Shown): Promise<Delivered>
  /** Writes into the newest card that has a field, or into this one, and sends it. */
  fills(answer: string, of?: Shown): Promise<Delivered>
  /** The newest card that asks about a file, or this one. */
  accepts(of?: Shown): Promise<Delivered>
  declines(of?: Shown): Promise<Delivered>
  sends(attachments: Json[], text?: string): Promise<Delivered>
  edits(activityId: string, text: string): Promise<Delivered>
  deletes(activityId: string): Promise<Delivered>
  reacts(activityId: string, type: string | null): Promise<Delivered>
  reads(activityId: string): Promise<Delivered>
  types(): Promise<Delivered>
  installs(): Promise<Delivered>
  removes(): Promise<Delivered>
  invokes(name: string, value: Json): Promise<Delivered>
  /** The frame of every activity of theirs, not sent. */
  activity(more: Json): Json
}
export interface Delivered { activityId: string; statuses: number[]; body: string }

export interface CitizenParts {
  number: number
  appId: string
  tenantId: string
  serviceUrl: string
  inbox: Shown[]
  now(): Date
  nextId(): string
  deliver(activity: Json): Promise<Delivered>
  blocked(conversationId: string, is: boolean): void
  uploadTo(name: string): Json
}

const names = ['Ana Sousa', 'Bruno Reis', 'Carla Dias']

export function citizenOf(parts: CitizenParts): Citizen {
  const { number, appId, tenantId, serviceUrl, inbox, deliver } = parts
  const id = `29:citizen-${number}`
  const conversationId = `a:chat-${number}`
  const activity = (more: Json): Json => ({
    id: parts.nextId(),
    timestamp: parts.now().toISOString(),
    channelId: 'msteams',
    serviceUrl,
    from: {
      id,
      name: names[number % names.length],
      aadObjectId: `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`,
    },
    conversation: { conversationType: 'personal', tenantId, id: conversationId },
    recipient: { id: `28:${appId}`, name: 'Balcão' },
    channelData: { tenant: { id: tenantId } },
    locale: 'pt-PT',
    ...more,
  })
  const does = (more: Json) => deliver(activity(more))
  const consents = (action: 'accept' | 'decline', of?: Shown) => {
    const isAsked = ({ contentType }: Json) => contentType === 'application/vnd.microsoft.teams.card.file.consent'
    const shown = of ?? inbox.findLast(({ attachments }) => attachments.some(isAsked))
    const card = shown?.attachments.find(isAsked)
    if (!shown || !card) throw new Error('no file is offered')
    const { acceptContext, declineContext } = card.content as Json
    const accepted = { context: acceptContext, uploadInfo: parts.uploadTo(String(card.name)) }
    const value = { type: 'fileUpload', action, ...(action === 'accept' ? accepted : { context: declineContext }) }
    return does({ type: 'invoke', name: 'fileConsent/invoke', replyToId: shown.activityId, value })
  }
  return {
    id,
    conversationId,
    inbox,
    activity,
    writes: (text, more) => does({ type: 'message', textFormat: 'plain', text, ...more }),
    sends: (attachments, text = '') => does({ type: 'message', text, attachments }),
    presses(label, of) {
      for (const shown of of ? [of] : inbox.toReversed()) {
        const action = shown.actions.find(({ title, type }) => title === label && type === 'Action.Submit')
        if (!action) continue
        if (action.associatedInputs !== 'none' && shown.inputs.some(({ isRequired }) => isRequired)) throw new Error('nothing is filled in')
        return does({ type: 'message', value: action.data as Json, replyToId: shown.activityId })
      }
      throw new Error(`there is no button «${label}»`)
    },
    fills(answer, of) {
      const shown = of ?? inbox.findLast(({ inputs }) => inputs.length > 0)
      const [input] = shown?.inputs ?? []
      const action = shown?.actions.find(({ type, associatedInputs }) => type === 'Action.Submit' && associatedInputs !== 'none')
      if (!shown || !input || !action) throw new Error('there is nothing to fill in')
      const problem = problemOf(input, answer)
      if (problem) throw new Error(problem)
      return does({ type: 'message', value: { ...(action.data as Json), [String(input.id)]: answer }, replyToId: shown.activityId })
    },
    accepts: (of) => consents('accept', of),
    declines: (of) => consents('decline', of),
    edits: (activityId, text) =>
      does({ type: 'messageUpdate', id: activityId, text, channelData: { tenant: { id: tenantId }, eventType: 'editMessage' } }),
    deletes: (activityId) =>
      does({ type: 'messageDelete', id: activityId, channelData: { tenant: { id: tenantId }, eventType: 'softDeleteMessage' } }),
    reacts: (activityId, type) =>
      does({
        type: 'messageReaction',
        replyToId: activityId,
        ...(type ? { reactionsAdded: [{ type }] } : { reactionsRemoved: [{ type: 'like' }] }),
      }),
    reads: (activityId) =>
      does({ type: 'event', name: 'application/vnd.microsoft.readReceipt', value: { lastReadMessageId: activityId } }),
    types: () => does({ type: 'typing' }),
    installs() {
      parts.blocked(conversationId, false)
      return does({ type: 'installationUpdate', action: 'add' })
    },
    removes() {
      parts.blocked(conversationId, true)
      return does({ type: 'installationUpdate', action: 'remove' })
    },
    invokes: (name, value) => does({ type: 'invoke', name, value }),
  }
}

/** What Teams itself does not let through. https://learn.microsoft.com/adaptive-cards/authoring-cards/input-validation */
function problemOf({ type, isRequired, maxLength, min, max, choices }: Json, answer: string): string | undefined {
  if (answer === '') return isRequired ? 'it must be filled in' : undefined
  if (type === 'Input.Date' && !/^\d{4}-\d\d-\d\d$/.test(answer)) return 'a date field gives a day'
  if (type === 'Input.Number' && !/^-?\d+(\.\d+)?$/.test(answer)) return 'a number field gives a number'
  const value = type === 'Input.Number' ? Number(answer) : answer
  if (min !== undefined && value < (min as typeof value)) return 'below the least'
  if (max !== undefined && value > (max as typeof value)) return 'above the most'
  if (type === 'Input.ChoiceSet' && !(choices as Json[]).some((choice) => choice.value === answer)) return 'none of the choices'
  return maxLength !== undefined && answer.length > Number(maxLength) ? 'too long' : undefined
}
