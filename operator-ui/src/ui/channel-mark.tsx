/** The sign of a channel kind: its shape says it as well as its colour. The name is said beside it. */

const marks: Record<string, string> = {
  whatsapp:
    'M8 2.200a5.800 5.800 0 00-5 8.700L2.200 13.800l3-.8A5.800 5.800 0 108 2.200zM6 5.600c.4 2.300 2 3.900 4.400 4.500',
  telegram: 'M2 7.800L13.500 3.200 11.700 13 7.800 10.200 6 12.300V9.200l5-4.200',
  teams:
    'M2.500 4h6.500v8H2.500zM4 6.500h3.500M5.700 6.500V10M11 6.500h2.800v3.600a2 2 0 01-2.800 1.800M12.300 4.800a1.200 1.200 0 100-2.400 1.200 1.200 0 000 2.400z',
  sms: 'M2.500 3.500h11v7.500H7.500L4.500 13.500V11h-2zM5.500 7.200h.1M8 7.200h.1M10.500 7.200h.1',
  email: 'M2.200 4h11.600v8.500H2.200zM2.500 4.500L8 9l5.500-4.500',
  webchat: 'M2.200 3.200h11.600v9.600H2.200zM2.200 6h11.600M4.300 4.600h.1M6 4.600h.1M5 8.500h6M5 10.500h4',
}
const other = 'M8 13.500a5.500 5.500 0 100-11 5.500 5.500 0 000 11z'

export function ChannelMark({ kind, size = 16 }: { kind: string; size?: number }) {
  return (
    <span className="channel-mark" data-kind={kind}>
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.400"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        <path d={Object.hasOwn(marks, kind) ? marks[kind] : other} />
      </svg>
    </span>
  )
}
