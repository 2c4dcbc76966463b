import { paint } from './paint.ts'
import { createPullView, type PullStep } from './pull.ts'

/** The part of an engine's event that is shown. */
interface StartEvent {
  service: string
  state: 'pulling' | 'starting' | 'ready' | 'failed'
  elapsedMs: number
  detail?: string
  pull?: PullStep
}

const STACK = ['otel-collector', 'tempo', 'prometheus', 'loki']

/** A promise and the key to it; Promise.withResolvers is not in Node 20. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/**
 * Shows how services come up: on a terminal one line each that changes in place (listr2), elsewhere one line
 * when each is ready. Rejects with what `work` rejects with.
 */
export async function reportUp(
  work: (onEvent: (event: StartEvent) => void) => Promise<void>,
  options: { quiet: boolean; services?: readonly string[] },
): Promise<void> {
  const { quiet, services = STACK } = options
  if (quiet) return work(() => {})
  if (!process.stdout.isTTY) {
    const p = paint()
    const pulls = createPullView()
    return work(({ service, state, elapsedMs, detail, pull }) => {
      if (pull) {
        const line = pulls.finished(pull)
        if (line) console.log(`${p.dim('↓')} ${service}: ${line}`)
      }
      if (state === 'ready') console.log(`${p.green('✓')} ${service} ${p.dim(`${elapsedMs} ms`)}`)
      if (state === 'failed') console.log(`${p.red('✗')} ${service}${detail ? `: ${detail.split('\n')[0]}` : ''}`)
    })
  }
  const { Listr } = await import('listr2')
  const seats = new Map(services.map((service) => [service, deferred<StartEvent | undefined>()]))
  const tasks = new Map<string, { output: string }>()
  const pulls = new Map(services.map((service) => [service, createPullView()]))
  const done = work((event) => {
    const task = tasks.get(event.service)
    if (event.pull && task) task.output = pulls.get(event.service)!.all(event.pull).join('\n')
    if (event.state === 'ready' || event.state === 'failed') seats.get(event.service)?.resolve(event)
  }).finally(() => {
    for (const seat of seats.values()) seat.resolve(undefined)
  })
  const list = new Listr(
    [...seats].map(([service, { promise }]) => ({
      title: service,
      rendererOptions: { outputBar: true },
      task: async (_: unknown, task: { title: string; output: string; skip(): void }) => {
        tasks.set(service, task)
        const event = await promise
        if (event === undefined) return task.skip()
        task.title = `${service} ${event.elapsedMs} ms`
        if (event.state === 'failed') throw new Error(`${service}: ${event.detail?.split('\n')[0] ?? 'failed'}`)
      },
    })),
    // Ctrl-C is the command's to handle, and an error is told once, by the command.
    { concurrent: true, exitOnError: false, registerSignalListeners: false },
  )
  await Promise.all([list.run(), done])
}
