import { Args, Flags } from '@oclif/core'
import { EXIT, LabError } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class CourseTest extends LabCommand {
  static override summary = 'Let a robot student play a course: unsolved, solved, each wrong answer, stale data, cheats'
  static override description = [
    'Each exercise is played in a lab of its own, in a temporary folder and on free ports. As shipped it must not pass, solved it must, and each wrong answer must get its own message and no other.',
    'Where node-pty is installed (npm install --no-save @lydell/node-pty), the robot sits at a real pseudo-terminal and plays the loop by keys and by saving files; else it plays by --check and --answer.',
    'Exit code 1 when something is not as the course says.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> course test ./my-course',
    { description: 'One exercise of the course that is used', command: '<%= config.bin %> course test --only 1' },
    '<%= config.bin %> course test --json',
  ]
  static override enableJsonFlag = true
  static override args = {
    course: Args.string({ description: 'its folder or package; the one that is used unless said' }),
  }
  static override flags = {
    only: Flags.string({ description: 'only this exercise: its number, or a part of its name' }),
    state: Flags.string({ description: 'only states whose name holds this, such as solved; with --only' }),
    parallel: Flags.integer({ description: 'labs at once', default: 2, min: 1, max: 8 }),
    script: Flags.boolean({ description: 'play by --check and --answer, though there is a terminal' }),
  }

  async run() {
    const { args, flags } = await this.parse(CourseTest)
    const signal = this.interruptSignal()
    const [{ courseToCheck }, course, { findExercise }, { robotLabs }, view, { liveLine }] = await Promise.all([
      import('./which.ts'),
      import('../../course.ts'),
      import('../../exercises.ts'),
      import('./robot.ts'),
      import('./view.ts'),
      import('../../ui/live-line.ts'),
    ])
    const chosen = await courseToCheck(args.course)
    const only = flags.only === undefined ? undefined : findExercise(chosen, flags.only)
    const faults = await course.lintCourse(chosen)
    if (faults.length > 0 && only === undefined) {
      throw new LabError('course-broken', faults.map(({ exercise, words }) => `${exercise}: ${words}`).join('\n'), {
        hint: `otel-lab course lint ${args.course ?? ''}`.trim(),
        exit: EXIT.failed,
      })
    }
    const terminals = flags.script ? undefined : await course.findTerminals()
    this.log(view.renderBeginning(chosen, terminals !== undefined))
    const line = liveLine({ quiet: this.jsonEnabled() })
    const began = performance.now()
    let count = 0
    const played = await course.testCourse({
      course: chosen,
      ...(only ? { only } : {}),
      ...(flags.state === undefined ? {} : { state: flags.state }),
      parallel: flags.parallel,
      terminals,
      signal,
      now: () => performance.now(),
      ...robotLabs(chosen, signal),
      onPlayed: (one) => {
        line.show(undefined)
        count++
        this.log(view.renderPlayed(one))
        line.show(`playing - ${count} states so far`)
      },
    })
    line.show(undefined)
    const minutes = (performance.now() - began) / 60_000
    const wrong = played.filter((one) => one.faults.length > 0)
    const covered = only ? [] : course.coverageOf(chosen, played)
    if (covered.length > 0) this.log(view.renderCoverage(covered))
    this.log(view.renderEnd(played, minutes))
    if (wrong.length > 0) this.endWith(EXIT.failed)
    return {
      course: chosen.name,
      terminal: terminals !== undefined,
      states: played.length,
      wrong: wrong.length,
      minutes,
      ...(covered.length > 0 ? { covered } : {}),
      played,
    }
  }
}
