import { join } from 'node:path'

export const CONFIG_FILES = {
  'otel-collector': 'otel-collector-config.yaml',
  tempo: 'tempo.yaml',
  prometheus: 'prometheus.yml',
  loki: 'loki.yaml',
} as const

/** Services that the embedded engine has a seat for. */
export type EmbeddedService = keyof typeof CONFIG_FILES

/** Where things are in a lab folder. The workspace makes them, the engine's own process finds them. */
export function labLayout(root: string) {
  const state = join(root, '.otel-lab')
  return {
    configs: join(root, 'configs'),
    input: join(root, 'data', 'input'),
    output: join(root, 'data', 'output'),
    state,
    stateFile: join(state, 'state.json'),
    run: join(state, 'run'),
    runFile: join(state, 'run', 'embedded.json'),
    lockFile: join(state, 'run', 'lab.lock'),
    logs: join(state, 'logs'),
    store: join(state, 'store'),
    attempts: join(state, 'attempts'),
    progressFile: join(state, 'progress.json'),
  }
}
