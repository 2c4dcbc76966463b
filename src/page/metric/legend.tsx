/** More names than these nobody reads. */
const MOST = 8

/** Which colour is which series, and what of them cannot be drawn. */
export function Legend({
  labels,
  colours,
  odd,
}: {
  labels: readonly string[]
  colours: readonly number[]
  odd: string | undefined
}) {
  const named = labels.length > 1 && labels.length <= MOST
  const many = labels.length > MOST
  if (!named && !many && odd === undefined) return null
  return (
    <ul class="legend" aria-label="series">
      {named &&
        labels.map((label, i) => (
          <li key={label}>
            <i class={`swatch series-${colours[i]! + 1}`} />
            {label}
          </li>
        ))}
      {many && <li>{labels.length} series</li>}
      {odd && <li class="dim">{odd}: not drawn</li>}
    </ul>
  )
}
