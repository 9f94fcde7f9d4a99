/** The sign of a channel kind: its shape says it as well as its colour. The name is said beside it. */

export function ChannelMark({ kind, size = 16 }: { kind: string; size?: 12 | 14 | 16 | 20 }) {
  return <span className={`channel-mark size-${size}`} data-kind={kind} aria-hidden="true" />
}
