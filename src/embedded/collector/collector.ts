import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type CollectorConfig, type ComponentConfig, resolveConfig } from '../../collector-config.ts'
import { EXIT, LabError } from '../../errors.ts'
import type { RunningService, ServiceContext } from '../component.ts'
import { createNetwork } from '../network.ts'
import type { Build, Component, Factories } from './component.ts'
import { BuildError, buildGraph, type Graph } from './graph.ts'
import { openIntake } from './intake.ts'
import { NO_OUTPUTS, openLogOutputs } from './log-outputs.ts'
import { createLogger, type Logger } from './logger.ts'
import { noting, purposeOf } from './ports.ts'
import { watchProcess } from './process-metrics.ts'
import { loadFactories } from './registry.ts'
import { NO_TAP, type TapNotes } from './tap/notes.ts'
import { createTelemetry, type Telemetry } from './telemetry.ts'
import { serveTelemetry } from './telemetry-page.ts'

/** Of the collector that this one follows, in what it says of itself. */
const VERSION = '0.159.0+embedded'

/** How long stopping may take to hand on what is held. */
const DRAIN_MS = 5_000

/** How long the receivers wait for what an earlier process left; the rest goes on behind them. */
const REPLAY_MS = 300

/** The collector of the embedded stack. Throws LabError `config-refused`, with nothing left bound. */
export async function startCollector(context: ServiceContext, tap: TapNotes = NO_TAP): Promise<RunningService> {
  const { config, warnings } = load(context.configText, context.configPath, context.env)
  const startedAt = Date.now()
  const instanceId = randomUUID()
  const resource = resourceOf(config, instanceId)
  const outputs = openLogOutputs(filesOf(context.dataDir), context.log)
  const logger = createLogger({ config: config.service.telemetry.logs, outputs }).with({ resource })
  const telemetry = createTelemetry(resource)
  watchProcess(telemetry, startedAt)
  for (const { message, hint } of warnings) logger.warn(message, hint === undefined ? {} : { hint })
  logger.info('Starting otelcol-contrib...', { Version: VERSION, NumCPU: availableParallelism() })

  const intake = await openIntake(join(context.dataDir, 'journal'), (message) => logger.warn(message))
  const ports: Record<string, number> = {}
  const started: Graph['components'] = []
  const stop = async () => {
    // Receivers first, then along the flow, so that each hands its last to one that still runs.
    await within(DRAIN_MS, async () => {
      for (const { label, component } of started.splice(0).toReversed()) {
        await Promise.resolve(component.stop?.()).catch((error: Error) =>
          logger.error('Failed to stop component', { component: label, error: error.message }),
        )
      }
    })
    await intake.close()
  }
  try {
    const known = new Map<string, Component>()
    const build = builder(context, { logger, telemetry, ports, instanceId, tap, extensions: known })
    const factories = await loadFactories(config)
    const graph = buildGraph(config, factories, build, intake.wrap, tap)
    const all = [...extensions(config, factories, build, known), ...graph.components]
    const isReceiver = ({ label }: { label: string }) => label.startsWith('receiver ')
    const start = async (components: Graph['components']) => {
      for (const one of components) {
        started.push(one)
        await one.component.start?.()
      }
    }
    logger.info('Starting extensions...')
    await start(all.filter((one) => !isReceiver(one)))
    // What was accepted before is under way before anything new comes in.
    await within(REPLAY_MS, async () => {
      const again = await intake.replay(graph.entries)
      if (again > 0) logger.info('Sent again what an earlier process had accepted', { requests: again })
    })
    await start(all.filter(isReceiver))
    for (const [i, reader] of config.service.telemetry.metrics.readers.entries()) {
      const page = serveTelemetry(
        telemetry,
        reader.port,
        noting(context.network, ports, () => 'telemetry'),
        i,
      )
      started.unshift({ label: 'telemetry', component: page })
      await page.start?.()
    }
  } catch (error) {
    await stop()
    outputs.close()
    if (error instanceof LabError && error.code !== 'port-taken') throw error
    throw refused(context.configPath, (error as Error).message, error)
  }
  logger.info('Everything is ready. Begin running and processing data.')
  let ready = true
  return {
    ready: () => ready,
    ports: () => ({ ...ports }),
    async stop() {
      ready = false
      logger.info('Starting shutdown...')
      await stop()
      logger.info('Shutdown complete.')
      outputs.close()
    },
  }
}

/** Everything that can be said of a config without binding a port. Throws LabError `config-refused`. */
export async function checkCollector(
  text: string,
  path: string,
  env: Record<string, string | undefined>,
): Promise<void> {
  const { config } = load(text, path, env)
  const logger = createLogger({ config: config.service.telemetry.logs, outputs: NO_OUTPUTS })
  const context = { env, network: createNetwork({ portOffset: 0 }), dataDir: '' }
  try {
    const parts = {
      logger,
      telemetry: createTelemetry({}),
      ports: {},
      instanceId: '',
      tap: NO_TAP,
      extensions: new Map(),
    }
    buildGraph(config, await loadFactories(config), builder(context, parts), () => async () => {}, NO_TAP)
  } catch (error) {
    throw refused(path, (error as Error).message, error)
  }
}

const filesOf = (dataDir: string) => join(dataDir, 'files')

function load(text: string, path: string, env: Record<string, string | undefined>) {
  const { config, diagnostics } = resolveConfig(text, env)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (config === undefined) {
    const lines = errors.map(({ message, line }) => `${path}${line === undefined ? '' : `:${line}`}: ${message}`)
    const hint = errors.find((error) => error.hint)?.hint ?? 'otel-lab config diff'
    throw new LabError('config-refused', `the collector refuses its config\n${lines.join('\n')}`, {
      hint,
      exit: EXIT.failed,
    })
  }
  return { config, warnings: diagnostics.filter(({ severity }) => severity === 'warning') }
}

function refused(path: string, message: string, cause: unknown): LabError {
  const line = cause instanceof BuildError ? cause.line : undefined
  return new LabError(
    'config-refused',
    `the collector refuses its config\n${path}${line === undefined ? '' : `:${line}`}: ${message}`,
    {
      hint: cause instanceof LabError && cause.hint ? cause.hint : 'otel-lab config diff',
      exit: EXIT.failed,
      cause,
    },
  )
}

/** What the collector says of itself (service::telemetry::resource); null in the config takes an attribute away. */
function resourceOf(config: CollectorConfig, instanceId: string): Record<string, string> {
  const own = { 'service.instance.id': instanceId, 'service.name': 'otelcol-contrib', 'service.version': VERSION }
  const all = Object.entries({ ...own, ...config.service.telemetry.resource })
  return Object.fromEntries(all.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

type Surroundings = Pick<ServiceContext, 'env' | 'network' | 'dataDir'>
type Builder = (config: ComponentConfig, kind: string, signal?: string, output?: string) => Build

interface Parts {
  logger: Logger
  telemetry: Telemetry
  ports: Record<string, number>
  instanceId: string
  tap: TapNotes
  extensions: ReadonlyMap<string, Component>
}

function builder(
  surroundings: Surroundings,
  { logger, telemetry, ports, instanceId, tap, extensions }: Parts,
): Builder {
  const shared = new Map<string, unknown>()
  return (config, kind, signal, output) => ({
    config,
    network: noting(surroundings.network, ports, (port) => purposeOf(config, port)),
    env: surroundings.env,
    instanceId,
    telemetry,
    tap,
    shared<T>(key: string, make: () => T): T {
      const name = `${kind} ${key}`
      if (!shared.has(name)) shared.set(name, make())
      return shared.get(name) as T
    },
    extension: (id) => extensions.get(id),
    filesDir: filesOf(surroundings.dataDir),
    logger: logger.with({
      'otelcol.component.id': config.id,
      'otelcol.component.kind': kind,
      ...(signal === undefined ? {} : { 'otelcol.signal': signal }),
      ...(output === undefined ? {} : { 'otelcol.signal.output': output }),
    }),
  })
}

function extensions(
  config: CollectorConfig,
  factories: Factories,
  build: Builder,
  known: Map<string, Component>,
): Graph['components'] {
  return config.service.extensions.map((id) => {
    const settings = config.extensions.get(id)!
    const component = factories.extensions[settings.type]!(build(settings, 'extension'))
    known.set(id, component)
    return { label: `extension ${id}`, component }
  })
}

async function within(ms: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work(), late])
  clearTimeout(timer)
}
