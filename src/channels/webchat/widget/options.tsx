/** Language, privacy notice, other contacts, and leaving no trace on a shared computer. */

import { type ComponentChild, h } from 'preact'
import type { Language } from '../../../core/model.ts'
import { newTab, type View } from './view.ts'
import { ownNames } from './words.ts'

export function Options({ setting, state, conversation, language, words: w, speak, ui, draw, done }: View & { done(): void }): ComponentChild {
  const { phone, email, address, hours } = setting.contacts
  return (
    <div class="options" role="group" aria-label={w.options}>
      {setting.languages.length > 1 && (
        <label>
          {w.language}
          <select value={language} onChange={({ currentTarget }) => speak(currentTarget.value as Language)}>
            {setting.languages.map((each) => <option value={each} lang={each}>{ownNames[each]}</option>)}
          </select>
        </label>
      )}
      {setting.privacy && <a class="row" href={setting.privacy.url} {...newTab}>{w.privacy} <span class="sr">{w.newTab}</span></a>}
      {(phone || email || address || hours) && (
        <div class="contacts">
          <strong>{w.contacts}</strong>
          {phone && <a class="row" href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>}
          {email && <a class="row" href={`mailto:${email}`}>{email}</a>}
          {address && <span>{address}</span>}
          {hours && <span>{hours}</span>}
        </div>
      )}
      {state.isKnown && !ui.asksForget && (
        <button
          type="button" class="plain" onClick={() => {
            ui.asksForget = true
            draw()
          }}
        >{w.forget}
        </button>
      )}
      {ui.asksForget && (
        <div class="ask" role="alert">
          <p>{w.forgetAsk}</p>
          <div class="buttons">
            <button
              type="button" class="plain wrong" onClick={() => {
                conversation.forget()
                done()
              }}
            >{w.yesForget}
            </button>
            <button type="button" class="plain" onClick={done}>{w.cancel}</button>
          </div>
        </div>
      )}
    </div>
  )
}
