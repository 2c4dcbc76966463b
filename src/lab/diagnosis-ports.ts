import { openBackends } from '../backends.ts'
import { shownPath } from '../config-change.ts'
import type { DiagnosisPorts } from '../diagnosis.ts'
import type { Endpoints, Engine, ServiceName } from '../engine.ts'
import { CONFIG_FILES } from '../util/lab-layout.ts'
import { readConfigText } from '../util/read-text.ts'
import type { Workspace } from '../workspace.ts'

/** The lab as a diagnosis looks at it. */
export function diagnosisPorts(options: {
  workspace: Workspace
  engine: Engine
  endpoints: Endpoints
  env: Record<string, string | undefined>
  signal?: AbortSignal
}): DiagnosisPorts {
  const { workspace, engine, endpoints, env, signal } = options
  return {
    engine,
    endpoints,
    backends: openBackends(endpoints),
    env,
    ...(signal ? { signal } : {}),
    // The files of the lab are not those of a stack that runs elsewhere.
    async configFile(service: ServiceName) {
      if (!engine.can.configure || !(service in CONFIG_FILES)) return undefined
      const path = workspace.configPath(CONFIG_FILES[service as keyof typeof CONFIG_FILES])
      return { text: await readConfigText(path), shown: shownPath(path) }
    },
  }
}
