import type { ComponentChildren } from 'preact'
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
