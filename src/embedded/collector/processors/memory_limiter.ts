import { totalmem } from 'node:os'
import { type Build, type Consume, type Consumer, Refusal } from '../component.ts'

/**
 * Refuses data while the heap is above the soft limit (limit minus spike limit), as the real one does, so that
 * senders slow down rather than the collector run out of memory. All four services of the embedded engine share
 * one heap; the limit is held against that.
 */
export function createMemoryLimiter({ config, logger }: Build, _signal: unknown, next: Consume): Consumer {
  const s = config.settings
  const mib = 1024 * 1024
  const limit = s.limit_mib ? s.limit_mib * mib : (totalmem() * s.limit_percentage) / 100
  const spike = s.spike_limit_mib
    ? s.spike_limit_mib * mib
    : s.spike_limit_percentage
      ? (totalmem() * s.spike_limit_percentage) / 100
      : limit / 5
  let refusing = false
  let timer: NodeJS.Timeout | undefined
  const check = () => {
    const used = process.memoryUsage().heapUsed
    const above = used > limit - spike
    if (above !== refusing) {
      const fields = { cur_mem_mib: Math.round(used / mib) }
      if (above) logger.warn('Memory usage is above soft limit. Refusing data.', fields)
      else logger.info('Memory usage back within limits. Resuming normal operation.', fields)
    }
    refusing = above
  }
  return {
    start() {
      logger.info('Memory limiter configured', {
        limit_mib: Math.round(limit / mib),
        spike_limit_mib: Math.round(spike / mib),
        check_interval: s.check_interval / 1000,
      })
      timer = setInterval(check, s.check_interval)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
    },
    consume(payload) {
      if (refusing) throw new Refusal('data refused due to high memory usage', { permanent: false })
      return next(payload)
    },
  }
}
