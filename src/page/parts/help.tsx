/** Every key of the page. */
const KEYS: [string, string][] = [
  ['Esc', 'a step back: line, span, trace'],
  ['r', 'pick a run'],
  ['← →', 'on the chart: from exemplar to exemplar; in a trace: fold, unfold'],
  ['Enter', "open an exemplar's trace, a trace of the list, a line's trace"],
  ['↑ ↓', 'through spans or lines; also Page Up, Page Down, Home, End'],
  ['e', 'the next span that failed'],
  ['l', 'lines as they come'],
  ['?', 'this list'],
]

export function Help({ onClose }: { onClose(): void }) {
  return (
    <div class="keys-help" role="dialog" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <button type="button" class="close" aria-label="close" title="Esc" onClick={onClose}>
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
