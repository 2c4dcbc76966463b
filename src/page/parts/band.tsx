import type { ComponentChildren } from 'preact'
import type { Fault } from '../../page-server/answers.ts'
import { Query, type QueryProps } from './query.tsx'

interface Props extends QueryProps {
  id: string
  title: string
  /** How the id came here from the band above. */
  carried?: ComponentChildren
  tools?: ComponentChildren
  children: ComponentChildren
  busy: boolean
}

/** One of the three: what is asked, in its language, and the answer. */
export function Band(props: Props) {
  const { id, title, carried, tools, children, busy } = props
  return (
    <section class={`band band-${id}`} aria-labelledby={`${id}-title`} aria-busy={busy}>
      {carried && <p class="carried">{carried}</p>}
      <header class="band-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <Query {...props} />
        <div class="tools">{tools}</div>
      </header>
      <div class="band-body">{children}</div>
    </section>
  )
}

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
