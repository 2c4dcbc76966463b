import type { Telemetry } from './telemetry.ts'

/** Of the whole embedded stack: the collector has no process of its own here. */
export function watchProcess(telemetry: Telemetry, startedAt: number): void {
  telemetry.counter('otelcol_process_uptime', {}, () => (Date.now() - startedAt) / 1000)
  telemetry.counter('otelcol_process_cpu_seconds', {}, () => {
    const { user, system } = process.cpuUsage()
    return Math.round((user + system) / 1e4) / 100
  })
  telemetry.gauge('otelcol_process_memory_rss', {}, () => process.memoryUsage.rss())
  telemetry.gauge('otelcol_process_runtime_heap_alloc_bytes', {}, () => process.memoryUsage().heapUsed)
  telemetry.gauge('otelcol_process_runtime_total_sys_memory_bytes', {}, () => process.memoryUsage().heapTotal)
}
