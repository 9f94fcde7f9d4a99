/** Files on their way with a reply or into a ready text: checked against what may be carried, uploaded while one goes on writing. */

import { useCallback, useMemo, useState } from 'react'
import type { Capabilities } from '../../../src/core/channel.ts'
import type { MediaKind } from '../../../src/core/model.ts'
import type { UploadedFile } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { request } from '../api.ts'
import { bytes } from '../time.ts'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'

export interface Chip {
  key: string
  name: string
  size: number
  file?: UploadedFile
  problem?: string
}
export type Attachments = ReturnType<typeof useAttachments>

export function useAttachments(carries: Capabilities['attachments'] | undefined, before: UploadedFile[] = []) {
  const words = useWords()
  const toast = useToast()
  const [chips, setChips] = useState<Chip[]>(() => before.map(uploadedChip))

  const add = useCallback(
    (files: File[]) => {
      if (files.length > 0 && !carries) return toast({ text: words.composer.noAttachments, kind: 'bad' })
      for (const file of files) {
        const limit = carries?.kinds[kindOf(file.type)] ?? carries?.kinds.file
        const isWrong =
          !limit ||
          file.size > limit.maxBytes ||
          (limit.mimeTypes && !limit.mimeTypes.includes(file.type) && !carries?.kinds.file)
        if (isWrong) {
          toast({ text: words.composer.wrongType(file.name, bytes(limit?.maxBytes ?? 0)), kind: 'bad' })
          continue
        }
        const key = `${file.name} ${file.size} ${file.lastModified} ${performance.now()}`
        setChips((now) => [...now, { key, name: file.name, size: file.size }])
        const put = (part: Partial<Chip>) =>
          setChips((now) => now.map((chip) => (chip.key === key ? { ...chip, ...part } : chip)))
        request<UploadedFile>('POST', `/api/attachments?${new URLSearchParams({ name: file.name })}`, file).then(
          (uploaded) => put({ file: uploaded }),
          (problem: unknown) => put({ problem: plainly(problem, words) }),
        )
      }
    },
    [carries, toast, words],
  )

  return useMemo(
    () => ({
      chips,
      ready: chips.flatMap((chip) => chip.file ?? []),
      busy: chips.some((chip) => !chip.file && !chip.problem),
      add,
      addUploaded: (files: UploadedFile[]) => setChips((now) => [...now, ...files.map(uploadedChip)]),
      remove: (key: string) => setChips((now) => now.filter((chip) => chip.key !== key)),
      clear: () => setChips([]),
      limit: carries?.perMessage ?? 0,
    }),
    [chips, add, carries],
  )
}

const uploadedChip = (file: UploadedFile, index: number): Chip => ({ key: `${file.source} ${performance.now()} ${index}`, name: file.name, size: file.bytes, file })

function kindOf(mimeType: string): MediaKind {
  const kind = mimeType.split('/')[0]
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file'
}
