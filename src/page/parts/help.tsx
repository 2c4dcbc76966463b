import { useEffect, useRef } from 'preact/hooks'

/** Every key of the page. */
const KEYS: [string, string][] = [
  ['Esc', 'a step back: line, span, trace, time'],
  ['r', 'pick a run'],
  ['← →', 'on the chart: from exemplar to exemplar; in a trace: fold, unfold; in a flame: beside'],
  ['Enter', "open an exemplar's trace, a trace of the list, a line's trace"],
  ['↑ ↓', 'through spans or lines; also Page Up, Page Down, Home, End'],
  ['+ −', 'half the time around the dot that is chosen, or the middle; twice the time'],
  ['e', 'the next span that failed'],
  ['l', 'lines as they come'],
  ['?', 'this list'],
]

export function Help({ onClose }: { onClose(): void }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    button.current?.focus()
    return () => before?.focus()
  }, [])
  return (
    <div class="keys-help" role="dialog" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <button ref={button} type="button" class="close" aria-label="close" title="Esc" onClick={onClose}>
        ×
      </button>
      <dl>
        {KEYS.map(([key, what]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
    </div>
  )
}
