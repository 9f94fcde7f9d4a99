/** Where the citizen writes: Enter sends, Shift+Enter breaks the line; files by button, drop and paste. */

import { type ComponentChild, h } from 'preact'
import { addFiles, takeAway } from './files.ts'
import { Icon } from './icons.tsx'
import { newTab, type View } from './view.ts'
import { fill } from './words.ts'

/** A phone's Enter key breaks the line; there the button sends. */
const hasKeyboard = matchMedia('(hover: hover) and (pointer: fine)')

export function Composer(view: View): ComponentChild {
  const { setting: { uploads, privacy }, state, words: w, ui, draw, find } = view
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send(view)
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        addFiles(view, event.dataTransfer?.files)
      }}
    >
      {ui.problem && <p class="wrong" id="problem" role="alert">{ui.problem}</p>}
      {ui.files.length > 0 && (
        <ul class="chosen">
          {ui.files.map((one) => (
            <li key={one.key}>
              <Icon of={one.stored ? 'check' : 'file'} />
              <bdi>
                {one.file.name}
                {!one.stored && (one.isLost ? <small>{w.waiting}</small> : <progress aria-label={fill(w.uploading, one.file.name)} />)}
              </bdi>
              <button
                type="button" class="icon" aria-label={fill(w.remove, one.file.name)} onClick={() => {
                  takeAway(view, one)
                  find('write')?.focus()
                }}
              ><Icon of="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="line">
        {uploads && [
          <input
            class="picker" type="file" multiple hidden accept={uploads.types.join()}
            onChange={({ currentTarget }) => {
              addFiles(view, currentTarget.files)
              currentTarget.value = ''
            }}
          />,
          <button type="button" class="icon" aria-label={w.attach} onClick={() => find('picker')?.click()}><Icon of="attach" /></button>,
        ]}
        <textarea
          class="write" rows={1} dir="auto" value={ui.text} aria-label={w.write} placeholder={w.write} aria-describedby={ui.problem ? 'problem' : undefined}
          onInput={({ currentTarget }) => {
            ui.text = currentTarget.value
            draw()
            view.conversation.typing()
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !hasKeyboard.matches) return
            event.preventDefault()
            send(view)
          }}
          onPaste={(event) => {
            if (!event.clipboardData?.files.length) return
            event.preventDefault()
            addFiles(view, event.clipboardData.files)
          }}
        />
        <button type="submit" class="icon send" aria-label={w.send}><Icon of="send" /></button>
      </div>
      {privacy && state.notice !== privacy.version && <p class="privacy">{w.privacyLine}<a href={privacy.url} {...newTab}>{w.privacy.toLowerCase()}<span class="sr"> {w.newTab}</span></a>.</p>}
    </form>
  )
}

function send({ ui, words: w, setting, conversation, language, draw, find }: View): void {
  const files = ui.files.flatMap(({ stored }) => stored ?? [])
  const text = ui.text.trim()
  const tooLong = [...text].length - setting.maxText
  ui.problem = files.length < ui.files.length ? w.uploadFirst : tooLong > 0 ? fill(w.tooLong, tooLong) : ''
  if (!ui.problem && (text || files.length > 0)) {
    ui.text = ''
    ui.files = []
    conversation.say({ text, files, language, notice: setting.privacy?.version })
  }
  draw()
  find('write')?.focus()
}
