import type { Readiness } from '../backends/ready.ts'
import { openBackends } from '../backends.ts'
import type { Endpoints, Engine, ServiceName, ServiceStatus } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import type { Workspace } from '../workspace.ts'
import { endpointsFrom, type Headers, readHeader, type Urls, urlsIn, withoutPassword } from './external/settings.ts'
import { readExternal, writeExternal } from './external/store.ts'

export interface ExternalOptions {
  urls?: Urls
  /** As typed: `Name: value` or `place=Name: value`. */
  headers?: readonly string[]
  portOffset?: number
  env?: Record<string, string | undefined>
}

const ASK_MS = 10_000

/**
 * A stack that somebody else runs: another machine's, Grafana Cloud, a hand-started compose. It can be sent to and
 * queried, and nothing else. What is told in `options` counts over the environment, and that over what is stored.
 */
export function createExternalEngine(workspace: Workspace, options: ExternalOptions = {}): Engine {
  const env = options.env ?? process.env

  async function settings(): Promise<{ urls: Urls; headers: Headers }> {
    const stored = await readExternal(workspace)
    const urls: Urls = { ...stored.urls }
    const headers: Headers = structuredClone(stored.headers)
    const add = (place: keyof Headers, name: string, value: string) => {
      headers[place] = { ...headers[place], [name]: value }
    }
    for (const [place, text] of Object.entries({ ...urlsIn(env), ...options.urls })) {
      const { url, header } = withoutPassword(place as keyof Urls, text)
      urls[place as keyof Urls] = url
      if (header !== undefined) add(place as keyof Urls, 'authorization', header)
    }
    for (const text of options.headers ?? []) {
      const { place, name, value } = readHeader(text)
      add(place, name, value)
    }
    return { urls, headers }
  }
  async function endpoints(): Promise<Endpoints> {
    const { urls, headers } = await settings()
    const portOffset = options.portOffset ?? (await workspace.state()).portOffset ?? 0
    return endpointsFrom(urls, headers, { portOffset, env })
  }

  return {
    kind: 'external',
    can: { lifecycle: false, logs: false, configure: false },
    endpoints,
    async up({ onEvent, signal, replaces }) {
      const began = performance.now()
      const asked = await Promise.all(
        Object.entries(questions(await endpoints(), signal)).map(async ([name, ask]) => {
          const service = name as ServiceName
          const status = await stateOf(service, ask)
          const elapsedMs = Math.round(performance.now() - began)
          onEvent?.({
            service,
            state: status.state === 'ready' ? 'ready' : 'failed',
            elapsedMs,
            ...(status.problem ? { detail: status.problem } : {}),
          })
          return status
        }),
      )
      signal?.throwIfAborted()
      const bad = asked.filter(({ state }) => state !== 'ready')
      if (bad.length > 0) {
        throw new LabError('external-unready', bad.map(({ name, problem }) => `${name}: ${problem}`).join('\n'), {
          hint: 'Check the URLs and headers: otel-lab up --help\nOr run a stack of your own: otel-lab up --engine embedded',
        })
      }
      const { urls, headers } = await settings()
      await workspace.exclusively(async () => {
        await replaces?.stop()
        await writeExternal(workspace, urls, headers)
        if (options.portOffset !== undefined) await workspace.setState({ portOffset: options.portOffset })
      })
    },
    async status() {
      const all = Object.entries(questions(await endpoints()))
      const services = await Promise.all(all.map(([name, ask]) => stateOf(name as ServiceName, ask)))
      return { kind: 'external', running: services.some(({ state }) => state === 'ready'), services }
    },
    down: async () => {
      throw notOurs('stopped')
    },
    restart: async () => {
      throw notOurs('restarted')
    },
    // biome-ignore lint/correctness/useYield: there is nothing to give
    async *logs() {
      throw notOurs('read for its logs')
    },
    validateCollectorConfig: async () => {
      throw notOurs('asked what it thinks of a config')
    },
  }
}

type Question = () => Promise<Readiness>

/** What can be asked of each service that was told of. */
function questions(endpoints: Endpoints, signal?: AbortSignal): Partial<Record<ServiceName, Question>> {
  const call = { timeoutMs: ASK_MS, ...(signal ? { signal } : {}) }
  const { tempo, prometheus, loki, collector, grafana } = openBackends(endpoints)
  const health: Question = async () => {
    const { available, status } = await collector.health(call)
    return { ready: available, said: status }
  }
  const dashboards: Question | undefined =
    grafana && (async () => ({ ready: (await grafana.health(call)).ok, said: 'its database is not well' }))
  return {
    ...(endpoints.collectorHealth ? { 'otel-collector': health } : {}),
    tempo: () => tempo.ready(call),
    prometheus: () => prometheus.ready(call),
    loki: () => loki.ready(call),
    ...(dashboards ? { grafana: dashboards } : {}),
  }
}

async function stateOf(name: ServiceName, ask: Question): Promise<ServiceStatus> {
  try {
    const { ready, said } = await ask()
    return { name, state: ready ? 'ready' : 'unhealthy', ports: {}, ...(ready ? {} : { problem: said }) }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { name, state: 'stopped', ports: {}, problem: error.message }
  }
}

function notOurs(what: string): LabError {
  return new LabError('not-ours', `this lab looks at a stack that it does not run: it cannot be ${what} from here`, {
    hint: 'A stack of your own: otel-lab up --engine embedded',
    exit: EXIT.usage,
  })
}
