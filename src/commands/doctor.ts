import { EXIT } from '../errors.ts'
import { LabCommand } from './base.ts'
import type { Finding } from './doctor/finding.ts'

export class Doctor extends LabCommand {
  static override summary =
    'Look for what is wrong: the machine, the lab, its configs, and the way of telemetry through it'
  static override description =
    `Sends a marked span, log line and metric through both doors of the collector, and as a program would that is
started from this shell, and looks for each at the far end; of what does not come out it says where it died.
Each finding says what to do next. "Nothing is wrong" is said only when all of them came out.

Exit code 0 when nothing is wrong, 3 when something has not come out yet and nothing is known to be broken, 4 when
something is.`
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json']
  static override enableJsonFlag = true

  async run() {
    await this.parse(Doctor)
    const signal = this.interruptSignal()
    const [{ renderVerdict }, { liveLine }] = await Promise.all([
      import('../ui/verdict.ts'),
      import('../ui/live-line.ts'),
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
    const { examine } = await import('./doctor/examine.ts')
    const { all } = await examine({ signal, env: process.env, tell, onWait: live.show }).finally(() =>
      live.show(undefined),
    )
    const errors = told.filter(({ state }) => state === 'error').length
    this.log(`\n${verdictOf(errors, all)}`)
    if (errors > 0) this.endWith(EXIT.broken)
    else if (!all) this.endWith(EXIT.slow)
    return { findings: told, healthy: errors === 0 && all }
  }
}

function verdictOf(errors: number, all: boolean): string {
  if (errors > 0) return errors === 1 ? 'One thing is wrong.' : `${errors} things are wrong.`
  return all
    ? 'Nothing is wrong: a span, a metric and a log line came out at the far end.'
    : 'Nothing is known to be broken, but not everything was seen to come out at the far end.'
}
