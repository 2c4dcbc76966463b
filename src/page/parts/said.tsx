import type { ComponentChildren } from 'preact'
import type { Fault } from '../../page-server/answers.ts'

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
