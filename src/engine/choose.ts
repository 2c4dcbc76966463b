import { readFile } from 'node:fs/promises'
import type { Engine, EngineKind, Replaced, ServiceName } from '../engine.ts'
import { LabError } from '../errors.ts'
import type { Workspace } from '../workspace.ts'
import { createEmbeddedEngine } from './embedded.ts'
import type { ExternalOptions } from './external.ts'

export interface EngineOptions {
  engine?: EngineKind
  portOffset?: number
  /** Of the docker engine; whoever sets one wants it. */
  docker?: {
    project?: string
    images?: Partial<Record<ServiceName, string>>
    grafana?: boolean
    pull?: 'missing' | 'always' | 'never'
  }
  /** Of the external engine; whoever sets one wants it. */
  external?: Pick<ExternalOptions, 'urls' | 'headers'>
}

/** The engine that was asked for, else the one that this lab used last, else the embedded one. */
export async function openEngine(workspace: Workspace, options: EngineOptions = {}): Promise<Engine> {
  const kind = options.engine ?? (await workspace.state()).engine ?? 'embedded'
  const offset = options.portOffset === undefined ? {} : { portOffset: options.portOffset }
  if (kind === 'embedded') return createEmbeddedEngine(workspace, offset)
  if (kind === 'docker') {
    const { createDockerEngine } = await import('./docker.ts')
    return createDockerEngine(workspace, { ...offset, ...options.docker })
  }
  const { createExternalEngine } = await import('./external.ts')
  return createExternalEngine(workspace, { ...offset, ...options.external })
}

export interface Choice {
  engine: Engine
  /** Why it is this one, and what else there was to do, for the user; `replaces.stop` adds to them. */
  notes: string[]
  /** For `up`: the engine that this lab ran on until now. */
  replaces?: Replaced
}

/**
 * The engine for `up`. Named or remembered, it is that one and no other. In a lab that was never up: docker where a
 * daemon answers and has the images, else the embedded one at once, with what the real stack would need.
 */
export async function chooseEngine(workspace: Workspace, options: EngineOptions = {}): Promise<Choice> {
  const before = (await workspace.state()).engine
  const told = (['docker', 'external'] as const).find((kind) => Object.keys(options[kind] ?? {}).length > 0)
  const named = options.engine ?? told
  if (named === undefined && before === undefined) {
    const { dockerOffer } = await import('./docker/offer.ts')
    const offer = await dockerOffer(workspace, { env: process.env })
    const engine = offer.usable ? ('docker' as const) : ('embedded' as const)
    const notes = offer.usable
      ? ['Docker answers and has the images: the real stack starts. In one process: otel-lab up --engine embedded']
      : [`The embedded engine starts: ${offer.why}. The real stack: otel-lab up --engine docker`]
    return { engine: await openEngine(workspace, { ...options, engine }), notes }
  }
  const engine = await openEngine(workspace, { ...options, ...(named && { engine: named }) })
  const notes: string[] = []
  const replaces = before !== undefined && before !== engine.kind ? await runningBefore(workspace, before) : undefined
  if (replaces === undefined) return { engine, notes }
  const stop = async () => {
    await replaces.stop()
    notes.push(
      `The ${before} engine of this lab was stopped; it is back, with what it stored, by: otel-lab up --engine ${before}`,
    )
  }
  return { engine, notes, replaces: { ...replaces, stop } }
}

/** The page that the embedded engine brings ends with it. */
async function pagePort(workspace: Workspace): Promise<number[]> {
  const text = await readFile(workspace.statePath('run', 'page.json'), 'utf8').catch(() => '')
  const port = Number(/"url":"http:\/\/[^/"]*:(\d+)/.exec(text)?.[1])
  return Number.isNaN(port) ? [] : [port]
}

/** Another engine may hold the lab's ports; what it stored stays. */
async function runningBefore(workspace: Workspace, before: EngineKind): Promise<Replaced | undefined> {
  const old = await openEngine(workspace, { engine: before })
  try {
    if (!old.can.lifecycle) return undefined
    const { running, services } = await old.status()
    if (!running) return undefined
    return {
      ports: [...services.flatMap(({ ports }) => Object.values(ports)), ...(await pagePort(workspace))],
      stop: () => old.down({ volumes: false }),
    }
  } catch (error) {
    // Its daemon is gone, and so are its ports.
    if (error instanceof LabError && ['no-daemon', 'daemon-forbidden', 'daemon-gone'].includes(error.code)) {
      return undefined
    }
    throw error
  }
}
