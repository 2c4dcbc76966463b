import { resolveConfig } from '../../collector-config.ts'
import {
  type Maker,
  type MeasuredLab,
  type Measurement,
  measure,
  measurementJson,
  settingOf,
  sweep,
  sweepOf,
  whatIf,
} from '../../latency.ts'
import { readConfigText } from '../../util/read-text.ts'
import type { Workspace } from '../../workspace.ts'
import { trialOf } from './trial.ts'
import { renderSweep, renderWhatIf } from './what-if-view.ts'

export interface TryOptions {
  workspace: Workspace
  engine: Parameters<typeof trialOf>[0]['engine']
  lab: MeasuredLab
  /** The maker anew, with these variables for a program. */
  maker: (env: Record<string, string>) => Promise<Maker>
  how: Omit<Parameters<typeof measure>[1], 'maker'>
  hasProgram: boolean
  say: (text: string) => void
}

/** `--set`: before and with, and whether that is more than noise. */
export async function trySettings(texts: readonly string[], options: TryOptions) {
  const config = await collectorConfig(options)
  const settings = texts.map((text) => settingOf(text, config))
  const result = await whatIf(settings, trial(options))
  const json = {
    settings,
    changes: result.changes,
    before: measurementJson(result.before),
    after: measurementJson(result.after),
  }
  return { text: renderWhatIf(result), json, complete: result.before.complete && result.after.complete }
}

/** `--sweep`: a curve over the values of one setting. */
export async function trySweep(text: string, options: TryOptions) {
  const settings = sweepOf(text, await collectorConfig(options))
  const steps = await sweep(settings, trial(options))
  const json = steps.map(({ setting, measured }) => ({ setting, measured: measurementJson(measured) }))
  return { text: renderSweep(steps), json: { steps: json }, complete: steps.every(({ measured }) => measured.complete) }
}

function trial(options: TryOptions) {
  const { workspace, engine, lab, maker, how, hasProgram, say } = options
  return trialOf(
    { workspace, engine },
    {
      hasProgram,
      say,
      onStep: say,
      measure: async (env): Promise<Measurement> => measure(lab, { ...how, maker: await maker(env) }),
    },
  )
}

async function collectorConfig({ workspace }: TryOptions) {
  const text = await readConfigText(workspace.configPath('otel-collector-config.yaml')).catch(() => '')
  return resolveConfig(text, process.env).config
}
