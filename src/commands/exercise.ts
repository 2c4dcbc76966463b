import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import { LabCommand } from './base.ts'

export class Exercise extends LabCommand {
  static override summary = 'The exercises: list them, read one, have your work checked by asking the backends'
  static override description = [
    'A check runs the app itself, under a run id of its own, and judges only the telemetry of that run: nothing older can pass it. Exit code 0 passed, 1 failed, 3 slow (not visible yet), 4 broken (the lab is at fault), 2 a wrong command line.',
    "--check --json prints the verdict in the shape of Exercism's results.json, version 3 (version, status, tests), with what is ours beside it (verdict, results, attempt).",
    '--apply does the step for you, --solution explains it: after a pass, or when asked for twice.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> exercise',
    { description: 'In a terminal: stay with it while you edit', command: '<%= config.bin %> exercise 1' },
    { description: 'Only read it', command: '<%= config.bin %> exercise 1 --no-watch' },
    '<%= config.bin %> exercise 1 --check',
    {
      description: 'What helps against what failed last; more each time',
      command: '<%= config.bin %> exercise 1 --hint',
    },
    '<%= config.bin %> exercise 2 --answer app=1.2s --answer appeared=14:03:27 --answer delay=1900ms',
    '<%= config.bin %> exercise 3 --check --json',
    '<%= config.bin %> exercise 1 --apply',
  ]
  static override enableJsonFlag = true
  static override args = {
    exercise: Args.string({ description: 'its number, or a part of its name; none lists them' }),
  }
  static override flags = {
    watch: Flags.boolean({
      description: 'stay with it: what you save is read and checked by itself; so it is in a terminal',
      allowNo: true,
      exclusive: ['check', 'answer', 'hint', 'apply', 'solution', 'reset'],
    }),
    check: Flags.boolean({ description: 'judge it' }),
    answer: Flags.string({ description: 'KEY=VALUE, judged at once', multiple: true, multipleNonGreedy: true }),
    hint: Flags.boolean({
      description: 'help a little; more each time',
      exclusive: ['check', 'answer', 'apply', 'solution', 'reset'],
    }),
    apply: Flags.boolean({ description: 'do the step for me', exclusive: ['answer', 'solution', 'reset'] }),
    solution: Flags.boolean({ description: 'show how it is done', exclusive: ['check', 'answer', 'reset'] }),
    reset: Flags.boolean({
      description: 'forget what was done, and take back what --apply did',
      exclusive: ['check', 'answer'],
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Exercise)
    const [
      { beginWith, fill, findExercise, learnerValues, parseAnswers, progressKey },
      { findWorkspace },
      { progressOf },
      view,
      { courseOf },
    ] = await Promise.all([
      import('../exercises.ts'),
      import('../workspace.ts'),
      import('./exercise/service.ts'),
      import('./exercise/view.ts'),
      import('./exercise/course.ts'),
    ])
    const changes = flags.check || flags.answer !== undefined || flags.apply || flags.reset
    // To read an exercise takes no lab; and a command line that is wrong is told before the lab that is not there.
    let noLab: LabError | undefined
    const workspace = await findWorkspace().catch((error) => {
      if (!(error instanceof LabError && error.code === 'no-lab')) throw error
      noLab = error
      return undefined
    })
    const course = await courseOf(workspace)
    const { exercises, broken } = course
    if (args.exercise === undefined && (changes || flags.hint || flags.solution)) {
      throw new LabError('usage', 'say which exercise', {
        hint: exercises.map(({ number, title }) => `otel-lab exercise ${number}   ${title}`).join('\n'),
        exit: EXIT.usage,
      })
    }
    const exercise = args.exercise === undefined ? undefined : findExercise(course, args.exercise)
    const given = exercise ? parseAnswers(exercise, flags.answer ?? []) : {}
    if (changes && noLab) throw noLab
    const progress = workspace && progressOf(workspace)
    const all = (await progress?.all()) ?? {}
    if (exercise === undefined) {
      this.log(`${view.renderList(exercises, all, broken)}\n\n${view.renderWhere(course)}`)
      return {
        exercises: exercises.map((one) => view.summaryOf(one, all[progressKey(one)])),
        ...(broken.length > 0 ? { broken } : {}),
      }
    }
    if (changes && workspace && progress) {
      const { act } = await import('./exercise/act.ts')
      const next = exercises.find(({ number }) => number > exercise.number)
      const { result, exit } = await act(
        this,
        { exercise, next, given, workspace, progress },
        {
          ...flags,
          json: this.jsonEnabled(),
          signal: this.interruptSignal(),
          env: process.env,
        },
      )
      this.endWith(exit)
      return result
    }
    const watches = flags.watch ?? (process.stdin.isTTY && process.stdout.isTTY && !this.jsonEnabled())
    if (watches && !flags.hint && !flags.solution) {
      const { learn } = await import('./exercise/learn.ts')
      return learn(this, { exercise: String(exercise.number), course })
    }
    const help = await import('./exercise/help.ts')
    if (flags.hint) return help.hint(this, exercise, progress)
    if (flags.solution) return help.solution(this, exercise, progress)
    const values = progress ? await learnerValues(exercise, progress) : {}
    if (workspace && progress) await beginWith(exercise, progress, workspace.root)
    const shown = fill(exercise, values)
    this.log(view.renderExercise(shown, all[progressKey(exercise)]))
    const { text, answers = [], checks } = shown
    return { ...view.summaryOf(exercise, all[progressKey(exercise)]), text, answers, checks }
  }
}
