import type { CheckAnswer } from '../../page-server/answers.ts'

const MARKS = { passed: '✓', failed: '✗', open: '○' }

/** Checks as they were judged, each with what was seen; `onTrace` where its trace can be looked at. */
export function Checks({
  checks,
  onTrace,
}: {
  checks: readonly (CheckAnswer & { link?: string })[]
  onTrace?: (traceId: string) => void
}) {
  return (
    <ul class="checks" aria-label="checks" aria-live="polite">
      {checks.map(({ id, title, state, seen, why, query, traceId, link }) => (
        <li key={id} class={`check ${state}`}>
          <span class="mark" role="img" aria-label={state}>
            {MARKS[state]}
          </span>
          <div>
            {title}
            {seen ? <p class="dim">{seen}</p> : why && state !== 'passed' && <p class="dim">{why}</p>}
            {!onTrace && query && (
              <p class="dim">
                asked <code>{query}</code>
              </p>
            )}
            {traceId && onTrace && (
              <button type="button" onClick={() => onTrace(traceId)}>
                its trace
              </button>
            )}
            {traceId && !onTrace && (
              <p class="dim">trace {link ? <a href={link}>{traceId}</a> : <code>{traceId}</code>}</p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
