import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beginWith, type Exercise, fill, hintAt, learnerValues, progressKey, solve } from '../exercises.ts'
import type { RobotLab } from './lab.ts'
import { isComplete, type PlayedState } from './states.ts'
import { type Judged, loopStudent, openAttempt, type Student, scriptStudent } from './student.ts'
import type { OpenTerminal } from './terminal.ts'

export interface PlayOptions {
  lab: RobotLab
  exercise: Exercise
  terminals: OpenTerminal | undefined
  program: string
}

/** Plays one state; says what was not as it must be, or nothing. */
export async function playState(options: PlayOptions, state: PlayedState): Promise<string[]> {
  await options.lab.reset()
  return played(await filled(options), state)
}

/** What its solution says, with the values that this learner has drawn. */
async function filled(options: PlayOptions): Promise<PlayOptions> {
  const { exercise, lab } = options
  const values = await learnerValues(exercise, lab.progress)
  return { ...options, exercise: { ...exercise, solution: fill(exercise.solution, values) } }
}

async function played(options: PlayOptions, state: PlayedState): Promise<string[]> {
  switch (state.kind) {
    case 'as shipped':
      return asShipped(options)
    case 'solved':
      return solved(options, state.by)
    case 'wrong':
      return wrong(options, state.wrong)
    case 'stale':
      return stale(options)
    case 'cheat':
      return cheat(options, state.cheat)
  }
}

async function withStudent<T>(
  { lab, exercise, terminals, program }: PlayOptions,
  work: (student: Student) => Promise<T>,
): Promise<T> {
  const { hands, progress } = lab
  const student = terminals
    ? await loopStudent(terminals, { hands, exercise, progress, program })
    : scriptStudent(hands, exercise)
  try {
    return await work(student)
  } finally {
    await student.close()
  }
}

const asShipped = (options: PlayOptions) =>
  withStudent(options, async (student) => {
    const judged = await student.check()
    if (judged.verdict === 'passed') return ['it is solved as it is shipped']
    if (judged.verdict === 'broken') return [`the lab itself failed: ${judged.text}`]
    return judged.failed.length > 0 && judged.text.trim() !== '' ? [] : ['it fails without a message']
  })

/** Does what the solution says; the answers are read off the attempt as the solution reads them. */
async function solveByHand(
  options: PlayOptions,
  student: Student,
): Promise<{ judged: Judged; answers: Record<string, string> }> {
  const { lab, exercise } = options
  const { edits = [], files = [] } = exercise.solution
  const changes = edits.length > 0 || files.length > 0
  await lab.copySolution(exercise)
  if (edits.length > 0) await lab.edit(edits)
  const judged = changes ? await student.afterEdit() : await student.check()
  if (!exercise.answers) return { judged, answers: {} }
  const answers = await solution(options)
  return { judged: await student.answer(answers), answers }
}

async function solution({ lab, exercise }: PlayOptions): Promise<Record<string, string>> {
  const attempt = await openAttempt(lab.progress, exercise, Date.now())
  return solve({ lab: await lab.open(), attempt }, exercise.solution)
}

async function solved(options: PlayOptions, by: 'hand' | 'apply' | 'commands'): Promise<string[]> {
  const { lab, exercise } = options
  const number = String(exercise.number)
  if (by === 'hand') {
    return withStudent(options, async (student) => passedOr((await solveByHand(options, student)).judged))
  }
  if (by === 'apply') {
    const ran = await lab.hands.run(['exercise', number, '--apply', '--check'])
    return ran.code === 0 ? [] : [`--apply --check ends with ${ran.code}: ${ran.stdout.slice(-600)}${ran.stderr}`]
  }
  // Files cannot be typed; and who types has begun the exercise before.
  await beginWith(exercise, lab.progress, lab.workspace.root)
  await lab.copySolution(exercise)
  for (const command of exercise.solution.commands) {
    const ran = await lab.hands.type(command)
    if (ran.code !== 0)
      return [`its command \`${command}\` ends with ${ran.code}: ${ran.stderr || ran.stdout.slice(-300)}`]
  }
  return passedOr(await scriptStudent(lab.hands, exercise).check())
}

function passedOr({ verdict, failed, text }: Judged): string[] {
  if (verdict === 'passed') return []
  return [`it does not pass (${verdict}: ${named(failed)}): ${text}`]
}

async function wrong(options: PlayOptions, spec: Exercise['wrong'][number]): Promise<string[]> {
  const { lab, exercise } = options
  const values = await learnerValues(exercise, lab.progress)
  const { edits, unapplied, commands = [], file, change, answers } = fill(spec, values)
  const changed = change && (await changedFiles(exercise, change, values))
  // The loop would read the file by itself; this one forgets to have it read.
  const play = unapplied ? scriptStudent(lab.hands, exercise) : undefined
  const act = async (student: Student): Promise<Judged> => {
    if ((answers || change) && exercise.solution.edits) await lab.edit(exercise.solution.edits)
    if (edits) await lab.edit(edits)
    if (changed ?? (answers && !file && exercise.solution.files)) await lab.copySolution(exercise, changed)
    if (file) {
      await lab.copySolution(exercise)
      await lab.write(file.path, file.content)
    }
    if (commands.length > 0) await beginWith(exercise, lab.progress, lab.workspace.root)
    for (const command of commands) await lab.hands.type(command)
    const isEdit = !unapplied && (edits ?? file ?? change ?? (answers && exercise.solution.edits)) !== undefined
    const judged = isEdit ? await student.afterEdit() : await student.check()
    if (!answers) return judged
    const right = await solution(options)
    const { runId } = await openAttempt(lab.progress, exercise, Date.now())
    const given = fill(
      { ...right, ...answers },
      { ...Object.fromEntries(Object.entries(right).map(([key, value]) => [`solution.${key}`, value])), run: runId },
    )
    return student.answer(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')))
  }
  const judged = play ? await act(play) : await withStudent(options, act)
  return [...gets(spec, judged), ...(await hintFor(options, spec.gets, values))]
}

/** The solution's files with a wrong answer in them, by their paths. */
async function changedFiles(
  { solutionFolder }: Exercise,
  change: NonNullable<Exercise['wrong'][number]['change']>,
  values: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const { path, from, to } of change) {
    const text = files[path] ?? fill(await readFile(join(solutionFolder, path), 'utf8'), values)
    if (!text.includes(from)) throw new Error(`the solution's ${path} has no "${from}" to change`)
    files[path] = text.replace(from, () => to)
  }
  return files
}

/** Its own message, and no other. */
function gets(
  { gets: wanted, also = [], says }: Exercise['wrong'][number],
  { verdict, failed, text }: Judged,
): string[] {
  if (verdict === 'passed') return ['it passes']
  const [id, name] = wanted.split('/')
  const own = failed.find((one) => one.id === id)
  const others = failed.filter(
    (one) => one.id !== id && one.case !== 'unanswered' && !also.includes(`${one.id}/${one.case}`),
  )
  const flat = text.replaceAll(/\s+/g, ' ')
  const missing = says.filter((words) => !flat.includes(words.replaceAll(/\s+/g, ' ')))
  return [
    ...(own?.case === name ? [] : [`it must get ${wanted} and gets ${named(failed)}`]),
    ...(others.length > 0 ? [`it must get ${wanted} alone and gets ${named(others)} too`] : []),
    ...missing.map((words) => `its message does not say "${words}": ${flat.slice(0, 600)}`),
  ]
}

/** The hint that the course has for this failure must be the one that is given. */
async function hintFor(
  { lab, exercise }: PlayOptions,
  wanted: string,
  values: Readonly<Record<string, string>>,
): Promise<string[]> {
  const known = await lab.progress.of(exercise)
  const meant = exercise.hints.find(({ after }) => after === wanted)
  if (meant === undefined || known.last === undefined) return []
  const first = hintAt(exercise.hints, 0, known.last)
  if (first?.text === meant.text) return []
  return [`after ${wanted} the first hint is another one: ${fill(first?.text ?? 'none', values)}`]
}

const stale = (options: PlayOptions) =>
  withStudent(options, async (student) => {
    const { lab, exercise } = options
    const first = await solveByHand(options, student)
    if (first.judged.verdict !== 'passed') return [`it did not pass in the first place: ${named(first.judged.failed)}`]
    if (!exercise.answers) {
      await lab.edit(exercise.solution.undo ?? [])
      if (exercise.solution.undo === undefined) await lab.reset()
      for (const name of exercise.solution.files ?? []) await lab.write(name, '')
      const judged = await student.afterEdit()
      return judged.verdict === 'passed' ? ['it passes by what an earlier attempt has shown'] : []
    }
    await student.check()
    const judged = await student.answer(first.answers)
    return judged.verdict === 'passed' ? ['it passes with the answers of an earlier attempt'] : []
  })

async function cheat(options: PlayOptions, how: Extract<PlayedState, { kind: 'cheat' }>['cheat']): Promise<string[]> {
  const { lab, exercise } = options
  const { workspace, hands } = lab
  if (how === 'forged progress') {
    const at = new Date().toISOString()
    const forged = { [progressKey(exercise)]: { checks: 1, passedAt: at, passedRun: 'r0123456789', evidence: [] } }
    await writeFile(workspace.statePath('progress.json'), JSON.stringify(forged))
    const { answer } = await hands.json(['report'])
    const found = (answer.exercises as { slug: string; state: string }[]).find(({ slug }) => slug === exercise.slug)
    return found?.state === 'passed' ? ['a pass that somebody has written by hand counts'] : []
  }
  const student = scriptStudent(hands, exercise)
  await student.check()
  const keys = (exercise.answers ?? []).map(({ key }) => key)
  if (how === 'nonsense answers') {
    const judged = await student.answer(Object.fromEntries(keys.map((key) => [key, 'xyzzy'])))
    return judged.verdict === 'passed' ? ['it passes with xyzzy for every answer'] : []
  }
  const right = await solution(options)
  const path = workspace.statePath('attempts', `${progressKey(exercise).replaceAll('/', '+')}.json`)
  const text = await readFile(path, 'utf8')
  await writeFile(
    path,
    text.replaceAll(/"endedAt":(\d+)/g, (_, ms: string) => `"endedAt":${Number(ms) - 5_000}`),
  )
  const judged = await student.answer(right)
  return judged.verdict === 'passed' ? ['an attempt that was edited by hand counts'] : []
}

/** Commands that hints tell to type must at least be such that one can type them. */
export async function playHints({ lab, exercise }: PlayOptions): Promise<{ played: number; faults: string[] }> {
  await lab.reset()
  await beginWith(exercise, lab.progress, lab.workspace.root)
  const faults: string[] = []
  const commands = fill(exercise.hints, await learnerValues(exercise, lab.progress))
    .flatMap(({ text }) => commandsIn(text))
    .filter((one) => isComplete(one) && isHarmless(one))
  for (const command of new Set(commands)) {
    const { code, stderr } = await lab.hands.type(command)
    // 1 is a verdict, such as of a check; a change that is refused is none.
    const refused = code === 1 && /^otel-lab (?:config|restart)/.test(command)
    if (code === 2 || code === 4 || code === null || refused)
      faults.push(`a hint says \`${command}\`, which ends with ${code}: ${stderr.trim()}`)
  }
  return { played: new Set(commands).size, faults }
}

/** \`otel-lab ...\` in backticks. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(/`(otel-lab [^`]+)`/g)].map(([, command]) => command!)
}

/** Neither waits for somebody nor ends the lab that it is played in. */
const isHarmless = (command: string) =>
  !/^otel-lab (?:up|down|tour|learn|open|doctor|latency|images|course|report|exercise \d+ --(?:check|watch)|exercise \d+$)|\s(?:-f|--follow|--watch)\b/.test(
    command,
  )

const named = (failed: Judged['failed']) =>
  failed.map(({ id, case: name }) => (name ? `${id}/${name}` : id)).join(', ') || 'nothing'
