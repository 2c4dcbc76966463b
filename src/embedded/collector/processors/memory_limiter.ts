import { totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Signal } from '../../../otlp/types.ts'
import { type Build, COUNTED, type Consume, type Consumer, ConsumerError, itemCount } from '../component.ts'

const MIB = 1024 * 1024

/**
 * How much of the time may go into clearing up. Node has one thread for all four services and stands still meanwhile:
 * with a limit that is always exceeded and a short check_interval the lab would answer nobody any more.
 */
const GC_SHARE = 0.1

/**
 * Refuses data while the heap is above the soft limit (limit minus spike limit), as the real one does, so that
 * senders slow down rather than the collector run out of memory. All four services of the embedded engine share
 * one heap; the limit is held against that.
 */
export function createMemoryLimiter(build: Build, signal: Signal, next: Consume): Consumer {
  const { config, telemetry } = build
  const watch = build.shared(config.id, () => createWatch(build))
  const count = (verb: string, items: number) =>
    telemetry.add(`otelcol_processor_memory_limiter_${verb}_${COUNTED[signal]}`, { processor: config.id }, items)
  return {
    start: watch.start,
    stop: watch.stop,
    consume(payload) {
      const items = itemCount(payload)
      if (watch.refusing()) {
        count('refused', items)
        throw new ConsumerError('data refused due to high memory usage', { permanent: false })
      }
      count('accepted', items)
      return next(payload)
    },
  }
}

/** One for all the pipelines that name the same limiter. */
function createWatch({ config, logger }: Build) {
  const s = config.settings
  const limit = s.limit_mib ? s.limit_mib * MIB : (totalmem() * s.limit_percentage) / 100
  const spike = s.spike_limit_mib
    ? s.spike_limit_mib * MIB
    : s.spike_limit_percentage
      ? (totalmem() * s.spike_limit_percentage) / 100
      : limit / 5
  let refusing = false
  let timer: NodeJS.Timeout | undefined
  let collectGarbage: (() => void) | undefined
  let nextGcAt = 0
  const check = () => {
    let { heapUsed: used } = process.memoryUsage()
    if (used > limit - spike) {
      const now = performance.now()
      // Between two collections nobody can tell what is garbage of what is there: the last verdict stands.
      if (now < nextGcAt) return
      // The real one has Go clear up before it refuses. V8 lets garbage pile up far higher than Go does, so here
      // that is done whatever min_gc_interval_when_soft_limited says.
      collectGarbage ??= exposeGc()
      collectGarbage()
      nextGcAt = performance.now() + (performance.now() - now) / GC_SHARE
      used = process.memoryUsage().heapUsed
    }
    const above = used > limit - spike
    if (above !== refusing) {
      const fields = { cur_mem_mib: Math.round(used / MIB) }
      if (above) logger.warn('Memory usage is above soft limit. Refusing data.', fields)
      else logger.info('Memory usage back within limits. Resuming normal operation.', fields)
    }
    refusing = above
  }
  return {
    refusing: () => refusing,
    start() {
      if (timer) return
      logger.info('Memory limiter configured', {
        limit_mib: Math.round(limit / MIB),
        spike_limit_mib: Math.round(spike / MIB),
        check_interval: s.check_interval / 1000,
      })
      timer = setInterval(check, s.check_interval)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
  }
}

/** V8's own collector as a function, without a flag on the command line. */
function exposeGc(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
