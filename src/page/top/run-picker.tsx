import { useEffect, useRef, useState } from 'preact/hooks'
import type { RunAnswer } from '../../page-server/answers.ts'
import { useKeys } from '../parts/keys.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { age, duration } from '../time/format.ts'

const CLEARED = {
  vs: undefined,
  from: undefined,
  to: undefined,
  metric: undefined,
  mode: undefined,
  promql: undefined,
  traceql: undefined,
  logql: undefined,
  trace: undefined,
  span: undefined,
  line: undefined,
  shape: undefined,
  other: undefined,
  arrow: undefined,
  passage: undefined,
} as const

/** Which run is looked at. */
export function RunPicker({ route, runs, now }: { route: Route; runs: readonly RunAnswer[]; now: number }) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const current = runs.find(({ id }) => id === route.run) ?? (route.run === undefined ? runs[0] : undefined)
  useKeys({ r: () => button.current?.click() })
  useEffect(() => {
    if (!open) return
    box.current?.querySelector<HTMLElement>('[aria-current]')?.focus()
    const outside = (event: Event) => !box.current?.contains(event.target as Node) && setOpen(false)
    addEventListener('pointerdown', outside)
    return () => removeEventListener('pointerdown', outside)
  }, [open])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return
    const items = [...(box.current?.querySelectorAll<HTMLElement>('.run-list .run') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'Escape') close()
    else if (event.key === 'ArrowDown') items[Math.min(items.length - 1, at + 1)]?.focus()
    else if (event.key === 'ArrowUp') items[Math.max(0, at - 1)]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const pick = (run: RunAnswer) => {
    go({ ...CLEARED, run: run.id })
    close()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are what is used
    <div
      class="run-picker"
      ref={box}
      onKeyDown={onKeyDown}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget && !box.current?.contains(relatedTarget as Node)) setOpen(false)
      }}
    >
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-haspopup="true"
        title="runs: r"
        onClick={() => setOpen(!open)}
      >
        {current ? (
          <RunFace run={current} now={now} />
        ) : (
          <span class="ellipsis">
            {route.run ? `run ${route.run}` : runs.length === 0 ? 'no run yet' : 'pick a run'}
          </span>
        )}
        <span class="chevron" aria-hidden="true">
          ▾
        </span>
      </button>
      {open && (
        <ul class="run-list" aria-label="runs, newest first">
          {runs.length === 0 && (
            <li class="run-none">
              No run yet. Type <code>otel-lab run</code>
            </li>
          )}
          {runs.map((run) => (
            <li key={run.id} class="run-row">
              <button
                type="button"
                class="run"
                aria-current={run === current ? 'true' : undefined}
                onClick={() => pick(run)}
              >
                <RunFace run={run} now={now} />
              </button>
              {run === current && <span class="beside quiet">shown</span>}
              {current && run !== current && (
                <button
                  type="button"
                  class="beside quiet"
                  title="both runs side by side"
                  onClick={() => {
                    go({ ...CLEARED, run: current.id, vs: run.id })
                    close()
                  }}
                >
                  compare
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function RunFace({ run, now }: { run: RunAnswer; now: number }) {
  const { name, startedAt, endedAt, exitCode } = run
  const running = endedAt === undefined
  const verdict = running ? 'running' : exitCode === 0 ? 'ok' : 'failed'
  return (
    <>
      <span class={`verdict verdict-${verdict}`}>{verdict === 'failed' ? `exit ${exitCode}` : verdict}</span>
      <span class="run-name ellipsis">{name}</span>
      <span class="dim num">
        <span class="took">{running ? 'since' : duration(endedAt - startedAt)} · </span>
        {age(now - (endedAt ?? startedAt))}
      </span>
    </>
  )
}
