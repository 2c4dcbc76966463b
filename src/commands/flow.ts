import { Flags } from '@oclif/core'
import { EXIT } from '../errors.ts'
import { spanOf } from './base/time-flags.ts'
import { LabCommand } from './base.ts'

export class Flow extends LabCommand {
  static override summary = 'Follow one request on its whole way, live, hop by hop'
  static override description = [
    'Runs the demo once (or your program, after --) and tells each step as it happens: what crossed from one process to another over which protocol, what the processors did, when each backend showed it. At the end the time that each hop took.',
    '--payload shows what travelled on each arrow: the decoded OTLP request, the lines of the page that Prometheus fetched.',
    'What is known to be lost is not waited for: its hop and the mend are told, with exit code 1, or 4 where the lab itself is broken. Exit code 3 when something had not come by the deadline.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --tap --payload',
    '<%= config.bin %> <%= command.id %> -- python app.py',
  ]
  static override strict = false
  static override enableJsonFlag = true
  static override usage = '<%= command.id %> [options] [-- COMMAND...]'
  static override flags = {
    tap: Flags.boolean({ description: 'send a marked span, log line and measurement instead of running a program' }),
    payload: Flags.boolean({ description: 'show what travelled on each arrow' }),
    deadline: Flags.string({ description: 'how long to wait at the end', default: '45s' }),
  }

  async run() {
    const dashes = this.argv.indexOf('--')
    const own = dashes === -1 ? undefined : this.argv.slice(dashes + 1)
    const { argv, flags } = await this.parse(Flow, dashes === -1 ? this.argv : this.argv.slice(0, dashes))
    if (argv.length > 0 || own?.length === 0) {
      this.error('A program of yours comes after two dashes: -- python app.py', { exit: EXIT.usage })
    }
    const deadlineMs = spanOf(flags.deadline, '--deadline')
    const signal = this.interruptSignal()
    const [
      { openLabBackends },
      { followFlow },
      { exitOf, measurementJson, preciseNow },
      { measuredLab, programEnv, programMaker },
      view,
    ] = await Promise.all([
      import('../lab/open-backends.ts'),
      import('../journey.ts'),
      import('../latency.ts'),
      import('../lab/measured-lab.ts'),
      import('./journey/flow-view.ts'),
    ])
    const found = await openLabBackends()
    const opened = { ...found, signal, env: await programEnv(found) }
    const name = `flow ${own?.join(' ') ?? ''}`.trim()
    const maker = flags.tap ? ({ kind: 'probes' } as const) : await programMaker(opened, own, { files: 1 }, {}, name)
    const lines = view.flowLines({ log: (line) => this.log(line), began: preciseNow() })
    const { tap } = opened.engine
    if (tap === undefined) {
      this.log('This engine cannot look inside its collector: only the two ends are told.')
    }
    const steps: unknown[] = []
    const { runId, measured } = await followFlow(measuredLab(opened), {
      ...{ maker, deadlineMs, now: preciseNow },
      onStep: (step) => {
        steps.push(step)
        lines.show(step)
      },
    })
    if (flags.payload && tap) {
      const { payloadLines } = await import('../journey.ts')
      for (const arrow of lines.arrows()) {
        this.log(`\n${arrow.text}`)
        for (const line of await payloadLines(tap, arrow.seq!, runId)) this.log(`  ${line}`)
      }
    }
    this.log(view.renderEnd(measured))
    if (!measured.complete) this.endWith(exitOf(measured))
    return { runId, steps, ...measurementJson(measured) }
  }
}
