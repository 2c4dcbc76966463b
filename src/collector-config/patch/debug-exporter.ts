import { EXIT, LabError } from '../../errors.ts'
import { nearest } from '../../util/nearest.ts'
import { readDocument } from '../document.ts'
import { applyEdits, type Edit } from '../patch.ts'

export interface DebugExporterOptions {
  /** Pipelines to watch; `traces` unless said. */
  pipelines?: readonly string[]
  verbosity?: 'basic' | 'normal' | 'detailed'
}

/**
 * The lesson's first exercise: a `debug` exporter, and its name in the pipelines' lists. Changes nothing when it is
 * there already. Throws LabError `no-such-path` for a pipeline that the config does not have.
 */
export function addDebugExporter(text: string, options: DebugExporterOptions = {}): string {
  const { pipelines = ['traces'], verbosity = 'detailed' } = options
  const there = pipelineIds(text)
  const edits: Edit[] = [{ op: 'set', path: 'exporters.debug.verbosity', value: verbosity }]
  for (const id of pipelines) {
    if (!there.includes(id)) throw noPipeline(id, there)
    edits.push({ op: 'add', path: `service.pipelines."${id}".exporters`, value: 'debug' })
  }
  return applyEdits(text, edits)
}

function pipelineIds(text: string): string[] {
  const { root } = readDocument(text)
  const service = root?.kind === 'map' ? root.entries.get('service')?.value : undefined
  const pipelines = service?.kind === 'map' ? service.entries.get('pipelines')?.value : undefined
  return pipelines?.kind === 'map' ? [...pipelines.entries.keys()] : []
}

function noPipeline(id: string, there: readonly string[]): LabError {
  if (there.length === 0) {
    return new LabError('no-such-path', 'the config has no pipelines, so that nothing flows that could be printed', {
      hint: 'Give it one under service.pipelines: otel-lab config show collector --original has some',
      exit: EXIT.failed,
    })
  }
  const near = nearest(id, there)
  const alike = there.filter((one) => one.split('/')[0] === id)
  const named = near === undefined ? (alike.length > 0 ? alike : there.slice(0, 1)) : [near]
  const flags = named.map((one) => `--pipeline ${one}`).join(' ')
  return new LabError('no-such-path', `the config has no pipeline ${id}; there are ${there.join(', ')}`, {
    hint: `otel-lab config patch --add-debug-exporter ${flags}`,
    exit: EXIT.failed,
  })
}
