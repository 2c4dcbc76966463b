import { constants } from 'node:os'
import { ScanFault } from '../fault.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Interrupt {
  signal: AbortSignal
  /** 128 + signal number once one came. */
  exitCode(): number | undefined
  release(): void
}

/** Turns the first Ctrl-C or kill into an abort, so that telemetry can still be sent; the second ends at once. */
export function onInterrupt(end: (code: number) => void): Interrupt {
  const controller = new AbortController()
  let code: number | undefined
  const listen = (name: (typeof SIGNALS)[number]) => {
    const own = 128 + constants.signals[name]
    if (code !== undefined) return end(own)
    code = own
    controller.abort(new ScanFault('interrupted', `interrupted by ${name}`, 'Run it again to process the rest'))
  }
  for (const name of SIGNALS) process.on(name, listen)
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const name of SIGNALS) process.off(name, listen)
    },
  }
}
