import { place, type Range, sameRange } from '../time/scale.ts'

/** How the trace's stretch of time, below, sits in the run's, above. */
export function Lens({ range, focus }: { range: Range; focus: Range }) {
  if (sameRange(focus, range)) return <div class="lens lens-flat" aria-hidden="true" />
  const left = Math.max(0, place(range, focus.start) * 100)
  const right = Math.min(100, Math.max(place(range, focus.end) * 100, left + 0.3))
  return (
    <div class="lens" aria-hidden="true">
      <div class="gutter" />
      <svg viewBox="0 0 100 10" preserveAspectRatio="none">
        <title>the trace's time within the run's</title>
        <polygon points={`${left},0 ${right},0 100,10 0,10`} />
      </svg>
    </div>
  )
}
