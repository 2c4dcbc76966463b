import type { ComposeHealthcheck } from './model.ts'
import type { Part } from './part.ts'
import { duration } from './values.ts'

interface Raw {
  test: string[]
  interval: number
  timeout: number
  start_period: number
  start_interval: number
  retries: number
  disable: boolean
}

/** How the daemon asks a container whether it is well. A text is a line for the image's own shell. */
export function readHealthcheck(part: Part): ComposeHealthcheck | undefined {
  const raw = part.shape<Raw>({
    test: (one) => {
      if (!one.isList) return ['CMD-SHELL', one.text()]
      const words = one.texts()
      if (!['CMD', 'CMD-SHELL', 'NONE'].includes(words[0] ?? '')) one.fault('must begin with CMD, CMD-SHELL or NONE')
      return words
    },
    interval: duration,
    timeout: duration,
    start_period: duration,
    start_interval: duration,
    retries: (one) => one.whole(),
    disable: (one) => one.flag(),
  })
  if (raw.disable) return { test: ['NONE'] }
  const { test = [], interval, timeout, start_period, retries } = raw
  return {
    test,
    ...(interval !== undefined && { intervalMs: interval }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(start_period !== undefined && { startPeriodMs: start_period }),
    ...(retries !== undefined && { retries }),
  }
}
