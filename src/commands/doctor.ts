import { Args } from '@oclif/core'
import { EXIT } from '../errors.ts'
import { LabCommand } from './base.ts'
import type { Finding } from './doctor/finding.ts'

export class Doctor extends LabCommand {
  static override summary =
    'Look for what is wrong: the machine, the lab, its configs, the way of telemetry through it; or where a run died'
  static override description =
    `Sends a marked span, log line and metric through both doors of the collector, and as a program would that is
started from this shell, and looks for each at the far end; of what does not come out it says where it died.
Each finding says what to do next. "Nothing is wrong" is said only when all of them came out.

With a run it tells of that run alone: each hop from the app to the query, and how that is known.

Exit code 0 when nothing is wrong; 1 when a run's telemetry was lost by what can be mended in a config, an environment
or a program; 3 when something has not come out yet and nothing is known to be broken; 4 when something of the lab is.`
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor latest',
    '<%= config.bin %> doctor r3ls63nkv6x',
    '<%= config.bin %> doctor --json',
  ]
  static override enableJsonFlag = true
  static override args = {
    run: Args.string({ description: "where did this run's telemetry die? Its id, or latest", required: false }),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(Doctor)
    return args.run === undefined ? this.examineAll() : this.examineRun(args.run)
  }

  private async examineAll() {
    const signal = this.interruptSignal()
    const [{ renderVerdict }, { liveLine }, { examine }] = await Promise.all([
      import('../ui/verdict.ts'),
      import('../ui/live-line.ts'),
      import('./doctor/examine.ts'),
    ])
    const live = liveLine({ quiet: this.jsonEnabled() })
    const told: Finding[] = []
    const tell = (finding: Finding) => {
      told.push(finding)
      const { state, title, seen, why, next } = finding
      const verdict = { ok: 'passed', warning: 'slow', error: 'broken' } as const
      const text = { state: verdict[state], title: `${title}: ${seen.replaceAll('\n', '\n  ')}` }
      this.log(renderVerdict({ ...text, ...(why ? { why } : {}), ...(next ? { next } : {}) }))
    }
    const { all } = await examine({ signal, env: process.env, tell, onWait: live.show }).finally(() =>
      live.show(undefined),
    )
    const errors = told.filter(({ state }) => state === 'error').length
    this.log(`\n${verdictOf(errors, all)}`)
    if (errors > 0) this.endWith(EXIT.broken)
    else if (!all) this.endWith(EXIT.slow)
    return { findings: told, healthy: errors === 0 && all }
  }

  private async examineRun(wanted: string) {
    const signal = this.interruptSignal()
    const [
      { openLabBackends },
      { diagnosisPorts },
      { diagnoseRun, runToDiagnose },
      { readRuns },
      { renderHops },
      { liveLine },
      { newRunId },
    ] = await Promise.all([
      import('../lab/open-backends.ts'),
      import('../lab/diagnosis-ports.ts'),
      import('../lab/run-to-diagnose.ts'),
      import('../workspace/runs.ts'),
      import('../ui/hops.ts'),
      import('../ui/live-line.ts'),
      import('../workload.ts'),
    ])
    const { workspace, engine, endpoints } = await openLabBackends()
    const ports = diagnosisPorts({ workspace, engine, endpoints, env: process.env, signal })
    const run = await runToDiagnose(wanted, await readRuns(workspace), ports)
    const live = liveLine({ quiet: this.jsonEnabled() })
    live.show(`following run ${run.runId}`)
    const { diagnoses, exit } = await diagnoseRun(ports, run, newRunId).finally(() => live.show(undefined))
    this.log(`Run ${run.runId}${run.exitCode === undefined ? '' : `, exit code ${run.exitCode}`}`)
    for (const one of diagnoses) this.log(`\n${renderHops(one)}`)
    this.endWith(exit)
    return { run: run.runId, diagnoses }
  }
}

function verdictOf(errors: number, all: boolean): string {
  if (errors > 0) return errors === 1 ? 'One thing is wrong.' : `${errors} things are wrong.`
  return all
    ? 'Nothing is wrong: a span, a metric and a log line came out at the far end.'
    : 'Nothing is known to be broken, but not everything was seen to come out at the far end.'
}
