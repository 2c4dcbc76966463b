import type { Backends } from '../../backends.ts'
import type { Endpoints, Engine } from '../../engine.ts'
import { type Maker, type MeasuredLab, sdkOf } from '../../latency.ts'
import { CONFIG_FILES, type EmbeddedService } from '../../util/lab-layout.ts'
import { readConfigText } from '../../util/read-text.ts'
import { demoCommand, newRunId, SHORT_DELAYS, startWorkload } from '../../workload.ts'
import type { Workspace } from '../../workspace.ts'
import { diagnosisPorts } from '../base/diagnosis-ports.ts'

interface Opened {
  workspace: Workspace
  engine: Engine
  endpoints: Endpoints
  backends: Backends
  signal: AbortSignal
  env: Record<string, string | undefined>
}

/** The running lab as measurements see it. */
export function measuredLab({ workspace, engine, endpoints, backends, signal, env }: Opened): MeasuredLab {
  const configFile: MeasuredLab['configFile'] = async (service) => {
    const name = CONFIG_FILES[service as EmbeddedService]
    return name === undefined ? '' : readConfigText(workspace.configPath(name)).catch(() => '')
  }
  const diagnosis = diagnosisPorts({ workspace, engine, endpoints, env, signal })
  return { engine, endpoints, backends, configFile, env, newRunId, signal, diagnosis }
}

/** A program under observation: the learner's, or our own with its short delays. */
export async function programMaker(
  { workspace, endpoints, signal, env }: Opened,
  own: readonly string[] | undefined,
  demo: { files?: number } = {},
  more: Record<string, string> = {},
): Promise<Maker> {
  const command = own ?? (await demoCommand(workspace, 'normal', { ...demo, signal }))
  return {
    kind: 'program',
    sdk: sdkOf({ ...env, ...more }, own ? {} : SHORT_DELAYS),
    run: (runId, onLine) => startWorkload({ command, endpoints, runId, signal, onLine, env: { ...env, ...more } }),
  }
}
