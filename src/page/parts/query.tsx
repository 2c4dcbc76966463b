import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Fault } from '../../page-server/answers.ts'
import { colourQuery } from './colour.ts'
import { commandFor, isTraceId, type Language } from './language.ts'
import { lazy } from './lazy.tsx'

export interface QueryProps {
  language: Language
  query: string
  /** What the backend said of it. */
  fault?: Fault | undefined
  onQuery(query: string | undefined): void
  /** It is one of the learner's own. */
  own: boolean
}

/** CodeMirror and the grammars are four times the rest: they come when somebody wants to write. */
const QueryEditor = lazy(
  async () => (await import('../editor/edit.tsx')).QueryEditor,
  ({ text }) => <code class="query-text">{text}</code>,
)

/** The query as it was asked, to be read, copied or changed. */
export function Query(props: QueryProps) {
  const { language, query, fault, own, onQuery } = props
  const [copied, setCopied] = useState(false)
  const [editing, setEditing] = useState(false)
  const [left, setLeft] = useState(false)
  const text = useRef<HTMLButtonElement>(null)
  const copy = async () => {
    // Where nothing may be put on the clipboard, the command is at least to be seen.
    const done = navigator.clipboard?.writeText(commandFor(language, query)) ?? Promise.reject()
    await done.then(
      () => setCopied(true),
      () => prompt('the command', commandFor(language, query)),
    )
    setTimeout(() => setCopied(false), 1200)
  }
  const leave = () => {
    setEditing(false)
    setLeft(true)
  }
  // Who came by keyboard goes on from where the editor was.
  useLayoutEffect(() => {
    if (left) text.current?.focus()
    setLeft(false)
  }, [left])
  return (
    <div class="query">
      <span class="language">{language === 'TraceQL' && isTraceId(query) ? 'trace id' : language}</span>
      {editing ? (
        <QueryEditor
          language={language}
          text={query}
          label={`${language} query: Enter asks, Escape leaves it as it was`}
          onRun={(text) => {
            leave()
            onQuery(text === '' ? undefined : text)
          }}
          onCancel={leave}
        />
      ) : (
        <button
          ref={text}
          type="button"
          class="query-text"
          title={`${query}\nclick to change it`}
          onClick={() => setEditing(true)}
        >
          <span class="hidden">change the query </span>
          <code>
            {colourQuery(query).map(({ text, kind }, i) => (
              <span key={`${i} ${text}`} class={kind && `q-${kind}`}>
                {text}
              </span>
            ))}
            {query === '' && <span class="dim">write a query</span>}
          </code>
        </button>
      )}
      {own && (
        <button type="button" class="quiet" onClick={() => onQuery(undefined)} title="back to the run's own query">
          reset
        </button>
      )}
      {query !== '' && (
        <button type="button" class="quiet" onClick={copy} aria-label={`copy as a command for the terminal`}>
          {copied ? 'copied' : 'copy'}
        </button>
      )}
      {fault?.position !== undefined && (
        <div class="caret" role="alert">
          <pre>{caretAt(query, fault.position, fault.length ?? 1)}</pre>
          <p>{fault.message}</p>
        </div>
      )}
    </div>
  )
}

/** What of a long query stands before the fault: as much as the screen shows. */
const roomBefore = () => (innerWidth < 720 ? 32 : 80)

/** The line of the query in which something is wrong, and below it where. */
function caretAt(query: string, position: number, length: number): string {
  const from = query.lastIndexOf('\n', position - 1) + 1
  const [line = ''] = query.slice(from).split('\n')
  const at = position - from
  const cut = Math.max(0, at - roomBefore())
  const shown = (cut > 0 ? '…' : '') + line.slice(cut)
  const before = at - cut + (cut > 0 ? 1 : 0)
  return `${shown}\n${' '.repeat(before)}${'^'.repeat(Math.max(1, Math.min(length, line.length - at)))}`
}
