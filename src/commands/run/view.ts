import { basename } from 'node:path'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { pad } from '../../ui/width.ts'

/** Room for the names of the demo's scans. */
const NAME = 22

/**
 * One line for each scan that the demo is done with, and what it warns of that concerns no scan; undefined for what else
 * it says. Why a scan failed is left to its telemetry, which is there to be asked.
 */
export function renderScan(line: string, p: Paint = paint()): string | undefined {
  const said = readLine(line)
  if (said === undefined) return undefined
  const { message, level, file_path: file, trace_id: trace, duration, endpoint, reason } = said
  if (file === undefined && level !== 'INFO') {
    const where = [endpoint, reason].filter((part) => typeof part === 'string').join(', ')
    return `${p.yellow('!')} ${message}${where ? ` (${where})` : ''}`
  }
  if (typeof file !== 'string' || typeof trace !== 'string' || !(message in MARKS)) return undefined
  const failed = message === FAILED
  const took = failed ? 'failed' : humanDuration(Number(duration) * 1000)
  const text = `${pad(basename(file), NAME)} ${pad(took, 7, 'right')}  ${p.dim('trace')} ${trace}`
  return `${failed ? p.red(MARKS[message]!) : p.green(MARKS[message]!)} ${text}`
}

const FAILED = 'Processing failed'
const MARKS: Readonly<Record<string, string>> = { __proto__: null as never, 'Processing completed': '✓', [FAILED]: '✗' }

function readLine(line: string): ({ message: string } & Record<string, unknown>) | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const said = JSON.parse(line)
    return typeof said.message === 'string' ? said : undefined
  } catch {
    return undefined
  }
}

/**
 * Queries that find a run again. Our own program leaves service.instance.id as the lab set it; another may set its own,
 * so that only the lab's own attribute finds it.
 */
export function queriesFor(runId: string, ownProgram: boolean): Record<'tempo' | 'prometheus' | 'loki', string> {
  return {
    tempo: `{resource.otel_lab.run.id="${runId}"}`,
    ...(ownProgram
      ? { prometheus: `{instance="${runId}"}`, loki: `{service_instance_id="${runId}"}` }
      : {
          prometheus: `{job=~".+"} and on (job, instance) target_info{otel_lab_run_id="${runId}"}`,
          loki: `{service_name=~".+"} | otel_lab_run_id="${runId}"`,
        }),
  }
}
