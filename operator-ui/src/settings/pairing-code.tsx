/** The pairing text of WhatsApp as a code to photograph; drawn as one SVG path, black on white in every theme. */

import QRCode from 'qrcode'
import { useMemo } from 'react'
import { useWords } from '../words.ts'

const quiet = 4

export default function PairingCode({ text }: { text: string }) {
  const words = useWords()
  const { path, size } = useMemo(() => {
    const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
    let drawn = ''
    for (let y = 0; y < modules.size; y += 1) {
      for (let x = 0; x < modules.size; x += 1) if (modules.get(y, x)) drawn += `M${x + quiet} ${y + quiet}h1v1h-1z`
    }
    return { path: drawn, size: modules.size + 2 * quiet }
  }, [text])
  return (
    <figure className="pairing">
      <svg
        viewBox={`0 0 ${size} ${size}`}
        width="240"
        height="240"
        role="img"
        aria-label={words.settings.channel.qr}
        shapeRendering="crispEdges"
      >
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <figcaption>{words.settings.channel.qrHint}</figcaption>
    </figure>
  )
}
