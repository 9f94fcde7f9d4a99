/** `?`: every key that does something here. */

import { useAllCommands } from '../commands.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words.ts'
import { keyNames } from './key-names.ts'

const groups = ['general', 'go', 'list', 'conversation', 'write'] as const

export default function KeySheet({ singleKeys, onClose }: { singleKeys: boolean; onClose(): void }) {
  const words = useWords()
  const commands = useAllCommands()
  return (
    <Dialog title={words.palette.keysTitle} wide onClose={onClose}>
      {!singleKeys && <p className="dialog-text">{words.palette.keysOff}</p>}
      <div className="key-sheet">
        {groups.map((group) => {
          const keyed = commands.filter((command) => command.group === group && keyNames(command, words))
          if (keyed.length === 0) return null
          return (
            <section key={group}>
              <h3>{words.palette.groups[group]}</h3>
              <dl>
                {keyed.map((command) => (
                  <div key={command.id}>
                    <dt>{command.label}</dt>
                    <dd>
                      <kbd>{keyNames(command, words)}</kbd>
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
      </div>
    </Dialog>
  )
}
