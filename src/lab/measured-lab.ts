import type { Backends } from '../backends.ts'
import type { Endpoints, Engine } from '../engine.ts'
import { type Maker, type MeasuredLab, sdkOf } from '../latency.ts'
import { CONFIG_FILES, type EmbeddedService } from '../util/lab-layout.ts'
import { readConfigText } from '../util/read-text.ts'
import { demoCommand, newRunId, SHORT_DELAYS, startWorkload } from '../workload.ts'
import { recorded } from '../workspace/runs.ts'
import { readAppEnv, type Workspace } from '../workspace.ts'
import { countedBefore } from './counted-before.ts'
import { diagnosisPorts } from './diagnosis-ports.ts'

interface Opened {
  workspace: Workspace
  engine: Engine
  endpoints: Endpoints
  backends: Backends
  signal: AbortSignal
  env: Record<string, string | undefined>
}

/** What a program that is started from here gets: what the lab's configs/app.env says, then this shell. */
export async function programEnv({ workspace }: Pick<Opened, 'workspace'>): Promise<Opened['env']> {
  return { ...(await readAppEnv(workspace.appEnvPath)), ...process.env }
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

const KEPT_LINES = 50

/** A program under observation: the learner's, or our own with its short delays. */
export async function programMaker(
  { workspace, engine, endpoints, signal, env }: Opened,
  own: readonly string[] | undefined,
  demo: { files?: number } = {},
  more: Record<string, string> = {},
  /** The lab remembers its runs by this name. */
  name?: string,
): Promise<Maker> {
  const command = own ?? (await demoCommand(workspace, 'normal', { ...demo, signal }))
  return {
    kind: 'program',
    sdk: sdkOf({ ...env, ...more }, own ? {} : SHORT_DELAYS),
    async run(runId, onLine) {
      const output: string[] = []
      const all = { ...env, ...more }
      const tell = (line: string) => {
        output.push(line)
        if (output.length > KEPT_LINES) output.shift()
        onLine(line)
      }
      const work = () => startWorkload({ command, endpoints, runId, signal, onLine: tell, env: all })
      if (name === undefined) return work()
      const counted = await countedBefore(engine, endpoints)
      return recorded(workspace, { id: runId, name, env: all, output, ...counted }, work)
    },
  }
}
