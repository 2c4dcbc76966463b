import type {
  Arrow,
  DiagnosisAnswer,
  PipelineAnswer,
  RunAnswer,
  TopologyAnswer,
  TopologyNode,
} from '../../page-server/answers.ts'
import { FaultSaid, Hint, Said } from '../parts/said.tsx'
import { urlOf, useAnswer } from '../state/answers.ts'
import { go } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { amount } from '../time/format.ts'
import { markOf } from './broken.ts'
import { Passages, type Picked, pickedOf, textOfPicked } from './passages.tsx'

const LOOK_MS = 2_000
const WORDS = { traces: 'spans', metrics: 'points', logs: 'records' }

/** So long after its end a run may still be under way. */
const ARRIVING_MS = 60_000

/** The stack as it is now: what passes each arrow, how, and where something is wrong. */
export function Topology({ route, run, now }: { route: Route; run: RunAnswer | undefined; now: number }) {
  const arriving = run !== undefined && now < (run.endedAt ?? now) + ARRIVING_MS
  const { data, fault } = useAnswer<TopologyAnswer>('/api/topology', LOOK_MS, 'topology')
  const picked = pickedOf(route)
  const pick = (one: Picked | undefined) =>
    go({ arrow: one && textOfPicked(one), passage: undefined }, picked ? 'detail' : 'step')
  if (fault && !data) return <FaultSaid fault={fault} />
  if (!data) return null
  return (
    <div class="walk">
      <div class="topology">
        <h2 class="hidden">Topology</h2>
        {data.unknown && (
          <Said title="No pipelines to draw">
            <p>{data.unknown}</p>
            <Hint text="otel-lab status" />
          </Said>
        )}
        {[...data.pipelines, ...missingOf(data)].map((pipeline) => (
          <Pipeline key={pipeline.id} pipeline={pipeline} run={run} arriving={arriving} picked={picked} onPick={pick} />
        ))}
      </div>
      {picked && <Passages picked={picked} open={route.passage} tap={data.tap} onClose={() => pick(undefined)} />}
    </div>
  )
}

/** A signal that no pipeline takes has a place too, to say so. */
const missingOf = ({ pipelines, unknown }: TopologyAnswer): PipelineAnswer[] =>
  unknown
    ? []
    : (['traces', 'metrics', 'logs'] as const)
        .filter((signal) => !pipelines.some((one) => one.signal === signal))
        .map((signal) => ({ id: signal, signal, steps: [] }))

interface PipelineProps {
  pipeline: PipelineAnswer
  run: RunAnswer | undefined
  arriving: boolean
  picked: Picked | undefined
  onPick(picked: Picked): void
}

function Pipeline({ pipeline, run, arriving, picked, onPick }: PipelineProps) {
  const { id, signal, steps } = pipeline
  const asked = run && urlOf('/api/diagnosis', { run: run.id, signal })
  const { data: diagnosis } = useAnswer<DiagnosisAnswer>(asked, arriving ? LOOK_MS : 30_000, asked)
  const broken = diagnosis?.broken
  const marks = (node: TopologyNode, next?: TopologyNode[]) => (broken ? markOf(broken, node, next) : undefined)
  return (
    <section class="pipeline" aria-label={`pipeline ${id}`}>
      <h3>{id}</h3>
      {steps.length === 0 && <p class="dim">no pipeline takes them</p>}
      <ol class="flow">
        {steps.map((nodes, i) => (
          <li key={`${i} ${nodes[0]?.kind}`} class="step">
            {nodes.map((node) => (
              <div class="lane" key={node.id}>
                <div class={`node node-${node.kind} ${marks(node, steps[i + 1])?.node ? 'broken' : ''}`}>
                  <span class="dim">{node.kind}</span>
                  <b>{node.id}</b>
                </div>
                {i < steps.length - 1 && (
                  <ArrowButton
                    arrow={node.out ?? {}}
                    what={WORDS[signal]}
                    from={node.id}
                    broken={marks(node, steps[i + 1])?.arrow === true}
                    chosen={
                      picked?.pipeline === id &&
                      picked.id === placeOf(node, steps[i + 1]).id &&
                      picked.kind === placeOf(node, steps[i + 1]).kind
                    }
                    onClick={() => onPick({ ...placeOf(node, steps[i + 1]), pipeline: id })}
                  />
                )}
              </div>
            ))}
          </li>
        ))}
      </ol>
      {broken && (
        <div class="broken-note" role="status">
          <p>
            <b>
              {broken.hop} {broken.id ?? ''}
            </b>{' '}
            {broken.seen}
            {broken.why ? `: ${broken.why}` : ''}
          </p>
          {broken.next && <Hint text={broken.next} />}
        </div>
      )}
    </section>
  )
}

/** What travels on an arrow is what its sender gave out; what the app sends is what its receiver took in. */
function placeOf(node: TopologyNode, next: TopologyNode[] | undefined): { kind: string; id: string } {
  return node.kind === 'app' ? { kind: 'receiver', id: next?.[0]?.id ?? '' } : { kind: node.kind, id: node.id }
}

interface ArrowProps {
  arrow: Arrow
  what: string
  from: string
  broken: boolean
  chosen: boolean
  onClick(): void
}

function ArrowButton({ arrow, what, from, broken, chosen, onClick }: ArrowProps) {
  const { perSecond, total, protocol, port, queue, failed, refused, filtered, pulled } = arrow
  const rate = perSecond ? `${amount(perSecond)} ${what}/s` : total === undefined ? '' : `${amount(total)} ${what}`
  const lost = [
    failed ? `${amount(failed)} failed` : '',
    refused ? `${amount(refused)} refused` : '',
    filtered ? `${amount(filtered)} filtered` : '',
  ].filter(Boolean)
  return (
    <button
      type="button"
      class={`arrow ${broken ? 'broken' : ''} ${perSecond ? 'moving' : ''} ${pulled ? 'pulled' : ''}`}
      aria-pressed={chosen}
      title={total === undefined ? 'what travelled' : `${amount(total)} ${what} since the start`}
      onClick={onClick}
    >
      <span class="hidden">what travels from {from}: </span>
      <span class={`rate num ${perSecond ? '' : 'dim'}`}>{rate}</span>
      <span class="shaft" aria-hidden="true" />
      <span class="how">
        {lost.length > 0 && <span class="lost">{lost.join(', ')}</span>}
        <span class="dim">
          {protocol ? `${protocol} ${port ? `:${port}` : ''}` : ''}
          {queue ? ` · queue ${queue}` : ''}
        </span>
      </span>
    </button>
  )
}
