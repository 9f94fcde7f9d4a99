/** A mail as its sender laid it out: in a frame without scripts, forms, outside pictures or our origin. */

import { useEffect, useRef } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words.ts'

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): unknown }
}

const frameRules = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
const page = (html: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="content-security-policy" content="${frameRules}">` +
  `<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light"></head><body>${html}</body></html>`

// The one place that makes markup of text, under a name that the page's security policy can list.
let policy: { createHTML(html: string): unknown } | undefined
function trusted(html: string): unknown {
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes
  policy ??= types ? types.createPolicy('balcao-mail', { createHTML: page }) : { createHTML: page }
  return policy.createHTML(html)
}

export function OriginalMail({ html, onClose }: { html: string; onClose(): void }) {
  const words = useWords()
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    if (frame.current) (frame.current as { srcdoc: unknown }).srcdoc = trusted(html)
  }, [html])
  return (
    <Dialog title={words.thread.originalTitle} wide onClose={onClose}>
      <p className="dialog-text">{words.thread.originalHint}</p>
      {/* sandbox="" allows nothing: no script, no form, no popup, no origin. */}
      <iframe
        ref={frame}
        className="mail-frame"
        title={words.thread.originalTitle}
        sandbox=""
        referrerPolicy="no-referrer"
      />
    </Dialog>
  )
}
