import { LabError } from '../../errors.ts'
import { readDocument } from '../document.ts'
import { nearest } from '../nearest.ts'
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
    if (there.length > 0 && !there.includes(id)) {
      const near = nearest(id, there)
      throw new LabError('no-such-path', `the config has no pipeline ${id}`, {
        hint: near === undefined ? `there are: ${there.join(', ')}` : `did you mean ${near}?`,
        exit: 1,
      })
    }
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
