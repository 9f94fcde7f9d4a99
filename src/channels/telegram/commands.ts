/**
 * The commands that Telegram shows beside its text field, in the citizen's language. Words that the bot understands
 * anyhow. https://core.telegram.org/bots/api#setmycommands
 */

import type { Host } from '../../core/channel.ts'
import type { Language } from '../../core/model.ts'
import { items } from '../fields.ts'
import type { Api } from './api.ts'
import { failureOf } from './failures.ts'

interface Command { command: string; description: string }

export const commands: Record<Language, Command[]> = {
  pt: [
    { command: 'menu', description: 'Ver os assuntos' },
    { command: 'pessoa', description: 'Falar com uma pessoa' },
    { command: 'cancelar', description: 'Desistir do formulário' },
  ],
  en: [
    { command: 'menu', description: 'See the topics' },
    { command: 'person', description: 'Talk to a person' },
    { command: 'cancel', description: 'Give up the form' },
  ],
  es: [
    { command: 'menu', description: 'Ver los temas' },
    { command: 'persona', description: 'Hablar con una persona' },
    { command: 'cancelar', description: 'Abandonar el formulario' },
  ],
  fr: [
    { command: 'menu', description: 'Voir les sujets' },
    { command: 'personne', description: 'Parler à une personne' },
    { command: 'annuler', description: 'Abandonner le formulaire' },
  ],
}

/** Nothing depends on it: what fails is tried at the next start. A list that somebody made at @BotFather stays. */
export async function offerCommands(api: Api, log: Host<unknown>['log'], closed: AbortSignal): Promise<void> {
  try {
    if (items(await api.call('getMyCommands', {}, closed)).length > 0) return
    const { pt, ...others } = commands
    await api.call('setMyCommands', { commands: pt }, closed)
    for (const [language_code, list] of Object.entries(others)) await api.call('setMyCommands', { commands: list, language_code }, closed)
  } catch (error) {
    if (!closed.aborted) log.warn({ reason: failureOf(error).message }, 'telegram: its commands could not be offered')
  }
}
