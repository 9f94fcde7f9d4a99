/** The sign of a channel kind: its shape says it as well as its colour. Without a label, the name is said beside it. */

export function ChannelMark({ kind, size = 16, label }: { kind: string; size?: 12 | 14 | 16 | 20; label?: string }) {
  const said = label ? ({ role: 'img', 'aria-label': label } as const) : { 'aria-hidden': true }
  return <span className={`channel-mark size-${size}`} data-kind={kind} {...said} />
}
