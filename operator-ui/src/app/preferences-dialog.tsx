/** How this operator wants the page: language and look here and now, the rest kept with the account. */

import { useState } from 'react'
import { useChangeMe } from '../change-me.ts'
import { type Preferences, preferencesOf, useSession } from '../session-data.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Switch } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { type PageLanguage, useWords } from '../words.ts'
import { rememberedTheme, rememberTheme, type Theme } from './remembered.ts'

const themes = ['auto', 'light', 'dark'] as const

export default function PreferencesDialog({ onClose }: { onClose(): void }) {
  const words = useWords()
  const toast = useToast()
  const { operator } = useSession()
  const [theme, setTheme] = useState<Theme>(rememberedTheme)
  const preferences = preferencesOf(operator)

  const change = useChangeMe()
  const set = (part: Partial<Preferences>) => change({ preferences: { ...operator.preferences, ...part } })
  const setDesktop = async (on: boolean) => {
    if (on && (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted')) {
      toast({ text: words.preferences.desktopDenied, kind: 'bad' })
      return
    }
    set({ desktop: on })
  }

  return (
    <Dialog title={words.preferences.title} onClose={onClose}>
      <div className="form">
        <Field label={words.preferences.language}>
          {(ids) => (
            <select
              {...ids}
              value={operator.language === 'en' ? 'en' : 'pt'}
              onChange={(event) => change({ language: event.target.value as PageLanguage })}
            >
              <option value="pt">{words.preferences.portuguese}</option>
              <option value="en">{words.preferences.english}</option>
            </select>
          )}
        </Field>
        <Field label={words.preferences.theme}>
          {(ids) => (
            <select
              {...ids}
              value={theme}
              onChange={(event) => {
                const next = themes.find((name) => name === event.target.value) ?? 'auto'
                setTheme(next)
                rememberTheme(next)
              }}
            >
              <option value="auto">{words.preferences.themeAuto}</option>
              <option value="light">{words.preferences.themeLight}</option>
              <option value="dark">{words.preferences.themeDark}</option>
            </select>
          )}
        </Field>
        <Field label={words.preferences.capacity}>
          {(ids) => (
            <input
              {...ids}
              type="number"
              min={1}
              max={99}
              value={operator.capacity}
              onChange={(event) => {
                const capacity = event.target.valueAsNumber
                if (capacity >= 1 && capacity <= 99) change({ capacity })
              }}
            />
          )}
        </Field>
        <Switch
          label={words.preferences.keys}
          hint={words.preferences.keysHint}
          checked={preferences.singleKeys}
          onChange={(singleKeys) => set({ singleKeys })}
        />
        <Switch
          label={words.preferences.undo}
          hint={words.preferences.undoHint}
          checked={preferences.undo}
          onChange={(undo) => set({ undo })}
        />
        <Switch
          label={words.preferences.enterSends}
          checked={preferences.enterSends}
          onChange={(enterSends) => set({ enterSends })}
        />
        <Switch
          label={words.preferences.calm}
          hint={words.preferences.calmHint}
          checked={preferences.calm}
          onChange={(calm) => set({ calm })}
        />
        <Switch label={words.preferences.sound} checked={preferences.sound} onChange={(sound) => set({ sound })} />
        <Switch
          label={words.preferences.desktop}
          checked={preferences.desktop}
          onChange={(on) => void setDesktop(on)}
        />
      </div>
    </Dialog>
  )
}
