import type { ComponentChildren } from 'preact'
import type { Fault } from '../../page-server/answers.ts'
import { clock } from '../time/format.ts'

/** Said in a band's place: nothing there, something wrong, something on its way. */
export function Said({
  title,
  children,
  kind = 'empty',
}: {
  title: string
  children?: ComponentChildren
  kind?: string
}) {
  return (
    <div class={`said said-${kind}`} role={kind === 'fault' ? 'alert' : 'status'}>
      <p class="said-title">{title}</p>
      {children}
    </div>
  )
}

export function FaultSaid({ fault }: { fault: Fault }) {
  return (
    <Said title={fault.message} kind="fault">
      {fault.hint && <Hint text={fault.hint} />}
    </Said>
  )
}

/** What a backend's empty answer may come from, in the terminal's own words: what, then why, then what to type. */
export function Advice({ text }: { text: string }) {
  const [title = '', ...rest] = text
    // Moments as the page's axis has them.
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (moment) => clock(Date.parse(moment)))
    .split('\n')
  return (
    <Said title={title.trim().replace(/[.]$/, '')}>
      {rest.map((line) => {
        const [why, command] = line.trim().split(/\s*→\s*/)
        return (
          <p key={line}>
            {why} {command && <code class="command">{command}</code>}
          </p>
        )
      })}
    </Said>
  )
}

/** What to type next. */
export function Hint({ text }: { text: string }) {
  return (
    <p class="hint">
      {text.split('\n').map((line) => (
        <code key={line}>{line}</code>
      ))}
    </p>
  )
}
