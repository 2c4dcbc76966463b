import { randomInt } from 'node:crypto'
import { Flags } from '@oclif/core'
import { EXIT, LabError } from '../errors.ts'
import type { Grade, Question, RoundKind } from '../quiz.ts'
import type { Workspace } from '../workspace.ts'
import { LabCommand } from './base.ts'

export class Quiz extends LabCommand {
  static override summary = 'Test what you know of the way that telemetry takes'
  static override description =
    `Multiple choice, in another order each round; every wrong choice says what is wrong with it. Stop whenever you like: the lab keeps your round. Without a lab folder it works too, but forgets.

With --practice it asks from the whole field of the OpenTelemetry Certified Associate, half of it about your own last run where a lab is up; what you got wrong comes back, what you knew rests for days. With --exam it is a mock exam in the official weights: 60 questions, 90 minutes, 75 % to pass.`
  static override examples = [
    '<%= config.bin %> quiz',
    { description: 'Ten questions on what you know least', command: '<%= config.bin %> quiz --practice' },
    { description: 'On one competency', command: '<%= config.bin %> quiz --practice --competency sdk-pipelines' },
    { description: 'A mock exam', command: '<%= config.bin %> quiz --exam' },
    { description: 'Begin a new round', command: '<%= config.bin %> quiz --reset' },
    { description: 'The questions for a script', command: '<%= config.bin %> quiz --json' },
    { description: 'Some by their number', command: '<%= config.bin %> quiz --seed 1 --answers 3=b,7=a --json' },
    { description: 'By letter, in the order shown', command: '<%= config.bin %> quiz --seed 1 --answers a,c,-,b' },
  ]
  static override enableJsonFlag = true
  static override flags = {
    answers: Flags.string({ description: 'number=letter, or letters in the order shown, with commas between them' }),
    seed: Flags.integer({ description: 'the order of questions and choices', min: 0 }),
    practice: Flags.boolean({ description: 'questions of the whole field, what is due first', exclusive: ['exam'] }),
    exam: Flags.boolean({ description: 'a mock exam of 60 questions, with a score for each domain' }),
    competency: Flags.string({
      description: 'with --practice: only this one, or a part of its name',
      dependsOn: ['practice'],
    }),
    count: Flags.integer({
      char: 'n',
      description: 'with --practice: so many questions',
      default: 10,
      min: 1,
      max: 100,
    }),
    query: Flags.string({
      description: 'with --practice or --exam: NUMBER=QUERY for a question that wants one',
      multiple: true,
    }),
    finish: Flags.boolean({ description: 'with --practice or --exam: score it as it is' }),
    reset: Flags.boolean({ description: 'forget the answers and begin anew' }),
  }

  async run() {
    const { flags } = await this.parse(Quiz)
    const [quiz, { findWorkspace }, { canAsk }, view, { toAsk, toGraded }] = await Promise.all([
      import('../quiz.ts'),
      import('../workspace.ts'),
      import('../ui/prompt.ts'),
      import('./quiz/view.ts'),
      import('./quiz/json.ts'),
    ])
    const workspace = await findWorkspace().catch((error) => {
      if (error instanceof LabError && error.code === 'no-lab') return undefined
      throw error
    })
    if (flags.exam || flags.practice) return this.#round(flags.exam ? 'exam' : 'practice', flags, workspace)
    const all = await quiz.loadQuiz()
    const progress = await quiz.openProgress(workspace?.statePath('quiz.json'), () => randomInt(2 ** 31))
    if (flags.reset) {
      await progress.reset()
      if (flags.answers === undefined && (this.jsonEnabled() || !canAsk())) this.log('The quiz begins anew.\n')
    }
    if (flags.seed !== undefined) await progress.reseed(flags.seed)
    const questions = quiz.arrange(all, progress.round().seed)
    const grades: Grade[] = []
    if (flags.answers !== undefined) {
      const given = quiz.parseAnswers(flags.answers, questions)
      await progress.add(given)
      for (const [i, question] of questions.entries()) {
        const key = given[question.id]
        if (key === undefined) continue
        const graded = quiz.grade(question, key)
        grades.push(graded)
        const text = question.choices.find((choice) => choice.key === key)!.text
        this.log(`${i + 1}. ${question.ask}\n   ${text}\n   ${view.renderGrade(graded)}\n`)
      }
      if (grades.some(({ right }) => !right)) this.endWith(EXIT.failed)
    } else if (!this.jsonEnabled() && canAsk()) {
      await this.#ask(questions, progress, workspace !== undefined)
    } else {
      for (const [i, question] of questions.entries()) this.log(`${view.renderQuestion(question, i + 1)}\n`)
      this.log(
        `Answer by letter in this order: otel-lab quiz --seed ${progress.round().seed} --answers a,b,...\nor some of them by number: otel-lab quiz --seed ${progress.round().seed} --answers 3=b,7=a`,
      )
    }
    const { answers, seed } = progress.round()
    const score = quiz.scoreOf(all, answers)
    if (score.answered > 0) this.log(view.renderScore(score))
    return {
      seed,
      score,
      graded: grades.map((one) => toGraded(one, questions)),
      questions: questions.map((question, i) => toAsk(question, i + 1, answers)),
    }
  }

  /** A round of the whole field. */
  async #round(kind: RoundKind, flags: RoundFlags, workspace: Workspace | undefined) {
    const [quiz, round, { lastRun }, { matching }, { canAsk }] = await Promise.all([
      import('../quiz.ts'),
      import('./quiz/round.ts'),
      import('../lab/quiz-run.ts'),
      import('./quiz/competency.ts'),
      import('../ui/prompt.ts'),
    ])
    const rounds = await quiz.openRounds(workspace?.statePath('quiz-rounds.json'))
    if (flags.reset) await rounds.forget(kind)
    const run = workspace && (await lastRun(workspace, this.interruptSignal()))
    const options = {
      kind,
      rounds,
      run,
      bank: await quiz.loadBank(),
      competency: matching(flags.competency),
      count: flags.count,
      seed: flags.seed ?? randomInt(2 ** 31),
      now: Date.now,
      log: (text: string) => this.log(text),
    }
    const asking = !this.jsonEnabled() && canAsk() && flags.answers === undefined && !flags.query && !flags.finish
    return round.playRound(options, { ...flags, asking }, (code) => this.endWith(code))
  }

  /** One after the other, from where the round was left. */
  async #ask(
    questions: Question[],
    progress: Awaited<ReturnType<typeof import('../quiz.ts')['openProgress']>>,
    kept: boolean,
  ): Promise<void> {
    const [quiz, { promptSelect }, view] = await Promise.all([
      import('../quiz.ts'),
      import('../ui/prompt.ts'),
      import('./quiz/view.ts'),
    ])
    const open = questions.filter(({ id }) => progress.round().answers[id] === undefined)
    if (open.length < questions.length && open.length > 0)
      this.log(`On with the ${open.length} that are left. From the start: otel-lab quiz --reset\n`)
    for (const question of open) {
      const at = questions.length - open.length + open.indexOf(question) + 1
      const choices = question.choices.map(({ key, text }) => ({ name: key, message: text }))
      const key = await promptSelect(`${at}/${questions.length}  ${question.ask}`, choices)
      if (key === undefined) {
        this.log(kept ? '\nYour answers are kept. On with it: otel-lab quiz' : '\nUntil next time.')
        this.endWith(EXIT.interrupted)
        return
      }
      await progress.add({ [question.id]: key })
      this.log(`${view.renderGrade(quiz.grade(question, key))}\n`)
    }
  }
}

interface RoundFlags {
  answers?: string | undefined
  query?: string[] | undefined
  competency?: string | undefined
  count: number
  seed?: number | undefined
  finish: boolean
  reset: boolean
}
