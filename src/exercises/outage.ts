import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../errors.ts'
import type { DriveStep, OutageStep, Stoppable } from './exercise.ts'
import type { AttemptEvent, ExerciseLab } from './lab.ts'

export const isOutage = (step: DriveStep): step is OutageStep => 'stop' in step || 'start' in step || 'wait' in step

/** What a drive does to the lab between its programs. What it has stopped is started again by `end`, whatever happens. */
export function openOutages(lab: ExerciseLab, onEvent: (event: AttemptEvent) => void) {
  const stopped = new Set<Stoppable>()
  const services = () => {
    if (lab.services) return lab.services
    throw new LabError('cannot-stop', `the ${lab.engine} engine cannot stop one component by itself`, {
      hint: 'otel-lab up --engine embedded',
    })
  }
  const start = async (name: Stoppable) => {
    if (!stopped.has(name)) return
    lab.onWait(`${name} starts again`)
    await services()
      .start(name)
      .finally(() => lab.onWait(undefined))
    stopped.delete(name)
    onEvent({ at: lab.now(), text: `${name} runs again` })
  }
  return {
    async act(step: OutageStep): Promise<void> {
      if ('wait' in step) {
        lab.onWait(`${step.wait} s go by${stopped.size > 0 ? `, without ${[...stopped].join(' and ')}` : ''}`)
        await sleep(step.wait * 1000, undefined, lab.signal ? { signal: lab.signal } : {}).finally(() =>
          lab.onWait(undefined),
        )
        return
      }
      if ('start' in step) return start(step.start)
      const { stop } = services()
      // Before it is stopped: a Ctrl-C may come while it is.
      stopped.add(step.stop)
      await stop(step.stop)
      onEvent({ at: lab.now(), text: `${step.stop} is stopped` })
    },
    async end(): Promise<void> {
      for (const name of [...stopped]) await start(name)
    },
  }
}
