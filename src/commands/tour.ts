import { Flags } from '@oclif/core'
import { EXIT } from '../errors.ts'
import { engineFlag } from './base/lab-flags.ts'
import { LabCommand } from './base.ts'

export class Tour extends LabCommand {
  static override summary = 'A guided run through all of it, less than a minute long'
  static override description = [
    'Starts the lab, processes a scan, shows its trace, changes the collector for a practice exercise and puts it back, measures how soon each signal can be queried, and leaves the lab running.',
    'The exercises stay yours: none is tried, none is shown solved.',
    'On a terminal it pauses between chapters; elsewhere, and with --yes, it asks nothing.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> tour',
    '<%= config.bin %> tour --yes',
    { description: 'Beside another lab', command: '<%= config.bin %> tour --port-offset 1000' },
  ]
  static override enableJsonFlag = true
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'do not pause' }),
    engine: engineFlag(),
    'port-offset': Flags.integer({ description: 'added to every port; remembered by the lab', min: 0, max: 50_000 }),
  }

  async run() {
    const { flags } = await this.parse(Tour)
    const signal = this.interruptSignal()
    const [{ createGuide }, { startLab }, firstRun, practice, { measureLatencies }, { openBackends }, words] =
      await Promise.all([
        import('./tour/guide.ts'),
        import('./tour/lab.ts'),
        import('./tour/first-run.ts'),
        import('./tour/practice.ts'),
        import('./tour/latencies.ts'),
        import('../backends.ts'),
        import('./tour/words.ts'),
      ])
    const began = performance.now()
    const quiet = this.jsonEnabled()
    const say = (text: string) => this.log(text)
    const guide = createGuide({ log: say, pauses: !flags.yes && !quiet })
    const { engine: kind, 'port-offset': portOffset } = flags
    const wanted = { ...(kind ? { engine: kind } : {}), ...(portOffset === undefined ? {} : { portOffset }) }

    await guide.chapter(...words.LAB)
    const { workspace, engine } = await startLab({ ...wanted, quiet, signal, say })
    const endpoints = await engine.endpoints()
    const done: Record<string, unknown> = { root: workspace.root }
    const leave = (exit: number = EXIT.ok) => {
      const seconds = Math.round((performance.now() - began) / 1000)
      this.log(words.farewell(workspace.root, seconds, (text) => this.asTyped(text)))
      this.endWith(exit)
      return { ...done, seconds: (performance.now() - began) / 1000 }
    }

    if (!(await guide.chapter(...words.RUN))) return leave()
    const { runId } = await firstRun.processOne(workspace, endpoints, { signal, say })
    if (!(await guide.chapter(...words.TRACE))) return leave()
    const { traceId } = await firstRun.showTrace(openBackends(endpoints), runId, { signal, say })
    Object.assign(done, { runId, traceId })

    const show = (text: string) => this.verbatim(text)
    const of = { workspace, engine, signal, env: process.env, quiet, say, show }
    const exits: number[] = []
    if (engine.can.configure) {
      const exercise = await practice.loadPractice()
      if (!(await guide.chapter(...words.practice(exercise)))) return leave()
      const practised = await practice.practise(exercise, of)
      Object.assign(done, { practice: practised })
      const { EXIT_OF } = await import('./exercise/act.ts')
      exits.push(EXIT_OF[practised.changed])
    }
    if (!(await guide.chapter(...words.LATENCY))) return leave()
    const { figures, complete } = await measureLatencies(of)
    Object.assign(done, { latency: figures })

    return leave(Math.max(complete ? EXIT.ok : EXIT.slow, ...exits))
  }
}
