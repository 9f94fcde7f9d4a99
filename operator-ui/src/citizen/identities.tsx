/** The citizen's addresses, how sure we are of them, and the links that can be undone. */

import { useQueryClient } from '@tanstack/react-query'
import type { CitizenView } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { shownAddress } from '../address.ts'
import { post } from '../api.ts'
import { useNames } from '../session-data.tsx'
import { Breakable } from '../ui/breakable.tsx'
import { ChannelMark } from '../ui/channel-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'

export function Identities({ people }: { people: CitizenView }) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const client = useQueryClient()
  const toast = useToast()
  const undo = async (linkId: string) => {
    try {
      await post(`/api/links/${encodeURIComponent(linkId)}/undo`)
      toast({ text: words.citizen.unlinked })
      void client.invalidateQueries({ queryKey: ['conversation'] })
    } catch (problem) {
      toast({ text: plainly(problem, words), kind: 'bad' })
    }
  }
  return (
    <ul className="identities">
      {people.identities.map((identity) => {
        const link = people.links.find(({ identityId }) => identityId === identity.id)
        const proofs: Record<string, string> = words.citizen.proofs
        return (
          <li key={identity.id}>
            <ChannelMark kind={identity.channelKind} />
            <span>
              <bdi>
                <Breakable
                  text={withoutControls(
                    shownAddress(identity.phone ?? identity.email ?? identity.address, identity.channelKind),
                  )}
                />
              </bdi>
              <small>
                {[
                  names.kind(identity.channelKind),
                  identity.name && withoutControls(identity.name),
                  identity.blocked && words.citizen.blocked,
                  identity.optedOut && words.citizen.optedOut,
                ]
                  .filter(Boolean)
                  .join(' · ')}
                {identity.verified && (
                  <span className="verified">
                    <Icon name="check" size={12} />
                    {words.citizen.verified}
                  </span>
                )}
              </small>
              {link && (
                <small>
                  {words.citizen.linkedBy(
                    link.operatorId ? names.operator(link.operatorId) : words.list.system,
                    clock.short(link.at),
                  )}
                  : {proofs[link.proof] ?? withoutControls(link.proof)}{' '}
                  <button type="button" className="text-button" onClick={() => void undo(link.id)}>
                    {words.citizen.unlink}
                  </button>
                </small>
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
