import type { CollectorConfig, ComponentConfig, PipelineConfig } from '../../../src/collector-config.ts'
import type { Accept, Build, Consumer, Factories, Payload } from '../../../src/embedded/collector/component.ts'
import { createDelivery } from '../../../src/embedded/collector/delivery.ts'
import { buildGraph } from '../../../src/embedded/collector/graph.ts'
import { createTelemetry } from '../../../src/embedded/collector/telemetry.ts'
import type { Signal } from '../../../src/otlp/types.ts'
import { judged, type Verdict } from '../shared/tally.ts'
import { isConnector, leads, type Pipelines, signalOf, waysToExporters } from './paths.ts'

interface Case {
  name: string
  pipelines: Record<string, object>
  expectedPerExporter: number
}

const isProfiles = ([id]: [string, unknown]) => /^x?profiles/.test(id)
const sorted = (map: Map<string, number>) => JSON.stringify([...map].sort())

/**
 * What flows: one request into every receiver of a signal, and what each exporter gets. The lab has no profiles: the
 * counted ways with them must give what the suite says, and the collector what the counted ways without them give.
 */
export async function graphCases(cases: Case[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { name, pipelines, expectedPerExporter } of cases) {
    const all = Object.entries(pipelines)
    const known = all.filter((one) => !isProfiles(one))
    if (known.length === 0) continue
    const work = async () => {
      const counted = [...waysToExporters(all).values()]
      if (counted.some((ways) => ways !== expectedPerExporter))
        return `counted ways ${counted}, the suite says ${expectedPerExporter}`
      const { got, open } = await flow(known)
      const want = waysToExporters(known)
      for (const key of got.keys()) if (!want.has(key)) want.set(key, 0)
      if (sorted(got) !== sorted(want)) return `got ${sorted(got)}, wanted ${sorted(want)}`
      return open === 0 ? undefined : `${open} deliveries were never let go`
    }
    verdicts.push(await judged(name, work))
  }
  return verdicts
}

export function profileCases(cases: Case[]): Verdict[] {
  const only = cases.filter(({ pipelines }) => Object.entries(pipelines).every(isProfiles))
  return only.map(({ name }) => [false, name])
}

async function flow(pipelines: Pipelines): Promise<{ got: Map<string, number>; open: number }> {
  const got = new Map<string, number>()
  const accepts: Partial<Record<Signal, Accept>>[] = []
  let open = 0
  const telemetry = createTelemetry({})
  const passing = (next: (payload: Payload) => unknown): Consumer => ({ consume: (payload) => void next(payload) })
  const factories: Factories = {
    receivers: {
      any: (_, accept) => {
        accepts.push(accept)
        return {}
      },
    },
    processors: { any: (_, __, next) => passing(next) },
    exporters: {
      any: (build, signal) => {
        const key = `${build.config.id} ${signal}`
        got.set(key, 0)
        return passing((payload) => {
          got.set(key, got.get(key)! + 1)
          payload.delivery.release()
        })
      },
    },
    connectors: {
      any: ({ config }, from, to, next) =>
        passing((payload) => {
          if (leads(config.id, from, to)) next({ ...payload, signal: to, data: [] } as Payload)
          else payload.delivery.release()
        }),
    },
    extensions: {},
  }
  const wrap = (next: (payload: Payload) => Promise<void> | void) => async (signal: Signal) => {
    open++
    const delivery = createDelivery(() => open--)
    await next({ signal, data: [], delivery } as Payload)
  }
  buildGraph(configOf(pipelines), factories, (config) => ({ config, telemetry }) as Build, wrap as never)
  for (const accept of accepts) {
    for (const [signal, take] of Object.entries(accept)) await take(signal as Signal, [])
  }
  return { got, open }
}

function configOf(pipelines: Pipelines): CollectorConfig {
  const listed = (key: string): string[] => pipelines.flatMap(([, p]) => p[key] ?? [])
  const ids = (list: string[]) =>
    new Map<string, ComponentConfig>(list.map((id) => [id, { id, type: 'any', name: '', settings: {} }]))
  const plain = (key: string) => listed(key).filter((id) => !isConnector(pipelines, id))
  return {
    receivers: ids(plain('Receivers')),
    processors: ids(listed('Processors')),
    exporters: ids(plain('Exporters')),
    connectors: ids(listed('Exporters').filter((id) => isConnector(pipelines, id))),
    extensions: new Map(),
    service: {
      extensions: [],
      telemetry: {},
      pipelines: new Map(
        pipelines.map(([id, p]) => [
          id,
          {
            id,
            signal: signalOf(id),
            receivers: p.Receivers ?? [],
            processors: p.Processors ?? [],
            exporters: p.Exporters ?? [],
          } as PipelineConfig,
        ]),
      ),
    },
  } as unknown as CollectorConfig
}
