import type { CollectorConfig, ComponentConfig, PipelineConfig } from '../../../src/collector-config.ts'
import type { Accept, Build, Consumer, Factories, Payload } from '../../../src/embedded/collector/component.ts'
import { createDelivery } from '../../../src/embedded/collector/delivery.ts'
import { buildGraph } from '../../../src/embedded/collector/graph.ts'
import { createTelemetry } from '../../../src/embedded/collector/telemetry.ts'
import type { Signal } from '../../../src/otlp/types.ts'
import { type Case, same } from './case.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Json = any

/** What flows: one request into every receiver of a signal, and what each exporter gets. Profiles are left out. */
export async function graphCases(suite: Json): Promise<Case[]> {
  const cases: Case[] = []
  for (const { name, pipelines, expectedPerExporter } of suite.connector_graph) {
    const known = Object.entries<Json>(pipelines).filter(([id]) => !id.startsWith('xprofiles'))
    if (known.length === 0) continue
    const sources = Object.entries<Json>(pipelines).filter(([, p]) => p.Receivers.includes('examplereceiver'))
    const lost = sources.filter(([id]) => id.startsWith('xprofiles')).length
    // Where signals cross, what would have come from profiles is missing.
    const crossing = sources.length > 1 && expectedPerExporter > 1
    const { got, open } = await flow(known)
    cases.push(same(name, [...new Set(got)], [expectedPerExporter - (crossing ? lost : 0)]))
    cases.push(same(`${name}: every delivery let go`, open, 0))
  }
  return cases
}

async function flow(pipelines: [string, Json][]): Promise<{ got: number[]; open: number }> {
  const got = new Map<string, number>()
  const accepts: Partial<Record<Signal, Accept>>[] = []
  let open = 0
  const telemetry = createTelemetry({})
  const passing = (next: (payload: Payload) => unknown): Consumer => ({ consume: (payload) => void next(payload) })
  const factories: Factories = {
    receivers: {
      example: (_, accept) => {
        accepts.push(accept)
        return {}
      },
    },
    processors: { example: (_, __, next) => passing(next) },
    exporters: {
      example: (build, signal) => {
        const key = `${build.config.id} ${signal}`
        got.set(key, 0)
        return passing((payload) => {
          got.set(key, got.get(key)! + 1)
          payload.delivery.release()
        })
      },
    },
    connectors: {
      example: (_, __, to, next) => passing((payload) => next({ ...payload, signal: to, data: [] } as Payload)),
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
  return { got: [...got.values()], open }
}

function configOf(pipelines: [string, Json][]): CollectorConfig {
  const ids = (key: string, prefix: string) =>
    new Map<string, ComponentConfig>(
      pipelines
        .flatMap(([, p]) => p[key] ?? [])
        .filter((id: string) => id.startsWith(prefix))
        .map((id: string) => [id, { id, type: 'example', name: '', settings: {} }]),
    )
  return {
    receivers: ids('Receivers', 'examplereceiver'),
    processors: ids('Processors', 'exampleprocessor'),
    exporters: ids('Exporters', 'exampleexporter'),
    connectors: new Map([...ids('Exporters', 'exampleconnector'), ...ids('Receivers', 'exampleconnector')]),
    extensions: new Map(),
    service: {
      extensions: [],
      telemetry: {},
      pipelines: new Map(
        pipelines.map(([id, p]) => [
          id,
          {
            id,
            signal: id.split('/')[0],
            receivers: p.Receivers ?? [],
            processors: p.Processors ?? [],
            exporters: p.Exporters ?? [],
          } as PipelineConfig,
        ]),
      ),
    },
  } as unknown as CollectorConfig
}
