import type { Value } from '../../page-server/answers.ts'

/** Names and values; long ones wrap, nothing is cut. */
export function Fields({
  title,
  values,
  folded = false,
}: {
  title: string
  values: Record<string, Value>
  folded?: boolean
}) {
  const entries = Object.entries(values)
  if (entries.length === 0) return null
  const table = (
    <dl class="pairs">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  )
  if (folded)
    return (
      <details class="fields">
        <summary>
          {title} <span class="dim num">{entries.length}</span>
        </summary>
        {table}
      </details>
    )
  return (
    <section class="fields">
      <h3>{title}</h3>
      {table}
    </section>
  )
}
