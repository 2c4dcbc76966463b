import type { PipelineNode } from './pipelines.ts'

/** A connector and the two pipelines that it stands between. */
export interface Step {
  id: string
  at: number
  from: PipelineNode
  to: PipelineNode
}

/**
 * With which of its connectors the collector begins to tell a cycle: with the first at or after the node whose number
 * is the lowest, where a node's number is a hash of what it is (service/internal/attribute).
 */
export function startOf(cycle: readonly Step[]): number {
  const nodes = cycle.flatMap((step, i) => {
    const { to } = step
    const pipeline = ['otelcol.pipeline.id', to.id] as const
    return [
      [
        i,
        numberOf(
          ['connector', 'otelcol.signal', step.from.signal],
          ['otelcol.signal.output', to.signal],
          component(step.id),
        ),
      ],
      [i + 1, numberOf(['capabilities'], pipeline)],
      ...to.processors.map(({ id }) => [
        i + 1,
        numberOf(['processor', 'otelcol.signal', to.signal], pipeline, component(id)),
      ]),
      [i + 1, numberOf(['fanout'], pipeline)],
    ] as [start: number, number: bigint][]
  })
  const [start] = nodes.reduce((least, node) => (node[1] < least[1] ? node : least))
  return start % cycle.length
}

const component = (id: string) => ['otelcol.component.id', id] as const

/** FNV-1a of the attributes as the collector writes them, the kind first, as a signed number. */
function numberOf([kind, ...more]: string[], ...rest: (readonly [string, string])[]): bigint {
  const first = more.length > 0 ? [[more[0]!, more[1]!] as const] : []
  const text = [['otelcol.component.kind', kind!] as const, ...first, ...rest].map(([k, v]) => `(${k}|${v})`).join('')
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return BigInt.asIntN(64, hash)
}
