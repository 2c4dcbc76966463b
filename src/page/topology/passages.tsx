import type { PassageAnswer, PayloadAnswer } from '../../page-server/answers.ts'
import { Said } from '../parts/said.tsx'
import { urlOf, useAnswer } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { amount, clock, withUnit } from '../time/format.ts'

/** A place of the collector. */
export interface Picked {
  kind: string
  id: string
  pipeline: string
}

/** In the URL; no component's id has a space. */
export const textOfPicked = ({ kind, id, pipeline }: Picked): string => [kind, id, pipeline].join(' ')
export function pickedOf({ arrow }: Route): Picked | undefined {
  const [kind, id, pipeline] = arrow?.split(' ') ?? []
  return kind && id && pipeline ? { kind, id, pipeline } : undefined
}

const LOOK_MS = 2_000
/** A payload may be megabytes; more than this nobody reads. */
const SHOWN = 60_000

interface Props {
  picked: Picked
  /** Which payload is unfolded. */
  open: number | undefined
  tap: boolean
  onClose(): void
}

/** What travelled on an arrow: the newest payloads there, each decoded on demand. */
export function Passages({ picked, open, tap, onClose }: Props) {
  const asked = tap ? urlOf('/api/passages', { ...picked }) : undefined
  const { data, fault } = useAnswer<PassageAnswer[]>(asked, LOOK_MS, asked)
  return (
    <aside class="details" aria-label="what travelled">
      <button type="button" class="close" aria-label="close" onClick={onClose}>
        ×
      </button>
      <div class="detail">
        <p class="overline">
          {picked.kind} in {picked.pipeline}
        </p>
        <h2>{picked.id}</h2>
        {!tap && <p class="seen">This engine cannot look inside its collector. The embedded one can.</p>}
        {fault && <p class="problem">{fault.message}</p>}
        {data?.length === 0 && (
          <Said title="Nothing has passed here lately">
            <p>otel-lab run</p>
          </Said>
        )}
        {open !== undefined && data && !data.some(({ seq }) => seq === open) && <Payload seq={open} />}
        <ul class="passages">
          {data?.map(({ seq, at, step, items, bytes, runIds, said, peer }) => (
            <li key={seq}>
              <button
                type="button"
                aria-expanded={open === seq}
                onClick={() => go({ passage: open === seq ? undefined : seq }, 'detail')}
              >
                <span class="num">{clock(at, true)}</span> <b class={`step-${step}`}>{step}</b> {amount(items)}{' '}
                {items === 1 ? 'item' : 'items'}
                {bytes ? `, ${withUnit(bytes, 'B')}` : ''}
                {peer ? <span class="dim"> {peer}</span> : ''}
                {runIds.length > 0 && <span class="dim"> run {runIds.join(', ')}</span>}
                {said && <span class="problem">{said}</span>}
              </button>
              {open === seq && <Payload seq={seq} />}
            </li>
          ))}
        </ul>
      </div>
    </aside>
  )
}

function Payload({ seq }: { seq: number }) {
  const { data, fault } = useAnswer<PayloadAnswer>(`/api/passages/${seq}`)
  if (fault) return <p class="seen">{fault.message}</p>
  if (!data) return null
  return (
    <>
      <p class="overline">{data.format}</p>
      <pre class="raw payload">{readable(data)}</pre>
    </>
  )
}

function readable({ format, text }: PayloadAnswer): string {
  const whole = format === 'OTLP/JSON' ? JSON.stringify(JSON.parse(text), undefined, 2) : text
  return whole.length > SHOWN ? `${whole.slice(0, SHOWN)}\n… ${whole.length - SHOWN} more characters` : whole
}
