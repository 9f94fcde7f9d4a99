/** A citizen with Telegram on the phone: what they do becomes an update, what the bot says is in `inbox`. */

import { buttonsOf } from './telegram-methods.ts'
import type { Sent } from './telegram.ts'
import type { Json } from './telegram-updates.ts'

export interface Profile {
  firstName?: string
  lastName?: string
  language?: string
  phone?: string
}

interface Around {
  now: () => Date
  push: (update: Json, chatId: number) => number
  keepFile: (bytes: Buffer, name: string) => string
  nextMessage: () => number
}

export type Citizen = ReturnType<typeof citizenOf>

export function citizenOf(
  id: number,
  { firstName = 'Ana', lastName, language = 'pt', phone = `3519${String(id).padStart(8, '0').slice(-8)}` }: Profile,
  around: Around,
) {
  const person = { first_name: firstName, ...(lastName && { last_name: lastName }) }
  const from = { id, is_bot: false, ...person, language_code: language }
  const chat = { id, ...person, type: 'private' }
  const seconds = () => Math.floor(around.now().getTime() / 1000)
  const inbox: Sent[] = []

  /** The number of the message. */
  function says(message: Json): number {
    const message_id = around.nextMessage()
    around.push({ message: { message_id, from, chat, date: seconds(), ...message } }, id)
    return message_id
  }

  const citizen = {
    id,
    chat,
    inbox,
    hasBlocked: false,
    says,
    writes: (text: string, more: Json = {}) => says({ text, ...more }),
    starts: (payload?: string) =>
      says({
        text: payload === undefined ? '/start' : `/start ${payload}`,
        entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      }),
    sendsPhoto(bytes: Buffer, more: Json = {}) {
      const file_id = around.keepFile(bytes, 'photo.jpg')
      return says({
        photo: [
          { file_id: `${file_id}-small`, width: 90, height: 67, file_size: 1 },
          { file_id, width: 1280, height: 960, file_size: bytes.length },
        ],
        ...more,
      })
    },
    sendsFile: (
      field: 'document' | 'voice' | 'video_note' | 'audio' | 'video',
      bytes: Buffer,
      file: Json = {},
      more: Json = {},
    ) =>
      says({
        [field]: {
          file_id: around.keepFile(bytes, String(file.file_name ?? `${field}.bin`)),
          file_size: bytes.length,
          ...file,
        },
        ...more,
      }),
    sharesContact: () => says({ contact: { phone_number: phone, first_name: firstName, user_id: id } }),
    sharesLocation: (latitude: number, longitude: number) => says({ location: { latitude, longitude } }),
    edits(message_id: number, text: string) {
      return around.push(
        { edited_message: { message_id, from, chat, date: seconds(), edit_date: seconds(), text } },
        id,
      )
    },
    /** The button of that label in the newest message that has it. */
    presses(label: string) {
      const sent = inbox.findLast(({ payload }) =>
        buttonsOf(payload.reply_markup as Json).some(({ text }) => text === label),
      )
      const button = buttonsOf(sent?.payload.reply_markup as Json).find(({ text }) => text === label)
      if (!sent || !button) throw new Error(`no button «${label}»`)
      if (button.request_contact) return citizen.sharesContact()
      if (button.callback_data === undefined) return citizen.writes(label)
      return around.push(
        {
          callback_query: {
            id: `${id}-${sent.messageId}-${around.nextMessage()}`,
            from,
            chat_instance: '1',
            data: button.callback_data,
            message: {
              message_id: sent.messageId,
              chat,
              date: seconds(),
              text: sent.text,
              reply_markup: sent.payload.reply_markup,
            },
          },
        },
        id,
      )
    },
    reacts: (message_id: number, emoji: string | null) =>
      around.push(
        {
          message_reaction: {
            chat,
            message_id,
            user: from,
            date: seconds(),
            old_reaction: [],
            new_reaction: emoji === null ? [] : [{ type: 'emoji', emoji }],
          },
        },
        id,
      ),
    blocks: () => membership(true),
    unblocks: () => membership(false),
  }

  function membership(hasBlocked: boolean): number {
    citizen.hasBlocked = hasBlocked
    const user = { id: 7_000_000_001, is_bot: true, first_name: 'Câmara' }
    const [before, after] = hasBlocked ? ['member', 'kicked'] : ['kicked', 'member']
    return around.push(
      {
        my_chat_member: {
          chat,
          from,
          date: seconds(),
          old_chat_member: { user, status: before },
          new_chat_member: { user, status: after, until_date: 0 },
        },
      },
      id,
    )
  }
  return citizen
}
