import type { DiagnosisAnswer, RunAnswer, Signal } from '../../page-server/answers.ts'
import { urlOf, useAnswer } from '../state/answers.ts'
import { clock, duration } from '../time/format.ts'
import { Hint, Said } from './said.tsx'

interface Props {
  run: RunAnswer
  signal: Signal
  /** When it should be there, by the lab's intervals. */
  due: number
  now: number
  /** Something may still come. */
  arriving: boolean
}

const NAMES = { traces: 'traces', metrics: 'metrics', logs: 'lines' }
const LOOK_MS = 2_000

/** In the place of what is not there: the way that it takes, where on it it is, and what to do. */
export function Way({ run, signal, due, now, arriving }: Props) {
  const asked = urlOf('/api/diagnosis', { run: run.id, signal })
  const { data, fault } = useAnswer<DiagnosisAnswer>(asked, arriving ? LOOK_MS : undefined, asked)
  const stations = data?.way.filter(({ state }) => state !== 'unknown') ?? []
  const at = data?.broken ?? (arriving ? data?.held : undefined)
  const what = NAMES[signal]
  const title = data?.broken
    ? `The ${what} of this run ended at ${placeOf(data.broken)}`
    : arriving
      ? `The ${what} are on their way`
      : `No ${what} of this run`
  return (
    <Said title={title} kind={data?.broken ? 'broken' : arriving ? 'waiting' : 'empty'}>
      {arriving && !data?.broken && (
        <p>
          expected by <b>{clock(due)}</b>
          {now < due ? `, in ${duration(Math.ceil((due - now) / 1000) * 1000)}` : ': late'}
        </p>
      )}
      {stations.length > 0 && (
        <ol class="way" aria-label="the way that it takes">
          {stations.map((station, i) => (
            <li
              key={`${i} ${station.hop}`}
              class={`station ${station.state} ${isSame(station, data?.broken) ? 'broken' : ''}`}
            >
              {placeOf(station)}
            </li>
          ))}
        </ol>
      )}
      {at && (
        <p class="seen">
          {at.seen}
          {at.why ? `: ${at.why}` : ''}
        </p>
      )}
      {at?.next && <Hint text={at.next} />}
      {data && !at && !arriving && <Hint text="otel-lab doctor" />}
      {fault && <p class="seen">{fault.message}</p>}
    </Said>
  )
}

const placeOf = ({ hop, id }: { hop: string; id?: string }) => (id ? `${hop} ${id}` : hop)
const isSame = (a: { hop: string; id?: string }, b: { hop: string; id?: string } | undefined) =>
  b !== undefined && a.hop === b.hop && a.id === b.id
