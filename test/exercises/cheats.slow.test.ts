import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { check } from '../../src/commands/exercise/service.ts'
import { checkKind } from '../../src/exercises/checks/registry.ts'
import { type Pass, passFault } from '../../src/exercises/evidence.ts'
import { originOf } from '../../src/exercises/origin.ts'
import { requireAll } from '../../src/exercises/requires.ts'
import { openSeals } from '../../src/exercises/seal.ts'
import { placeStart } from '../../src/exercises/start-files.ts'
import {
  type Attempt,
  checkAttempt,
  driveAttempt,
  type Exercise,
  type ExerciseLab,
  loadCourse,
  solve,
} from '../../src/exercises.ts'
import { impatient, type RunningLab, runningLab } from '../support/exercise-lab.ts'
import { remoteWrite } from '../support/remote-write.ts'
import { environOf, FORGED, failedMetric, failedSpan, hex, logs, send, spans } from './cheats/hand.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let running: RunningLab
let watchSpans: Exercise
let delay: Exercise
let failure: Exercise
let pristine: string
let door: string
let temp: string
beforeAll(async () => {
  running = await runningLab()
  ;[watchSpans, delay, failure] = running.exercises as [Exercise, Exercise, Exercise]
  pristine = await running.config.read()
  door = (await running.engine.endpoints()).otlpHttp!.url
  temp = await mkdtemp(join(tmpdir(), 'otel-lab-cheats-'))
})
afterAll(async () => {
  await running?.close()
  await rm(temp, { recursive: true, force: true })
})

const debug = (yaml: string) => (text: string) => text.replace('\nexporters:\n', `\nexporters:\n${yaml}\n`)
const inTraces = (text: string) => text.replace('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/tempo, debug]')
const solved = () => inTraces(debug('  debug:\n    verbosity: detailed')(pristine))
const logFile = () => join(running.workspace.statePath('logs'), 'otel-collector.log')
const quick = () => impatient(running.lab, 1_500)
const verdictOf = async (exercise: Exercise, attempt: Attempt, lab: ExerciseLab = quick()) =>
  (await checkAttempt(lab, exercise, attempt)).verdict

describe('forged output of the collector', () => {
  let shipped: Attempt
  beforeAll(async () => {
    await running.config.restart(pristine)
    shipped = await driveAttempt(running.lab, watchSpans.drive)
  })
  const forged = (text: string) => appendFile(logFile(), text)

  test.each([
    ['spans in full', () => forged(FORGED.detailed(shipped))],
    ['one line a span', () => forged(FORGED.normal(shipped))],
    ['JSON encoded', () => forged(FORGED.json(shipped))],
    [
      'all of them at once, many times',
      () =>
        forged(
          Object.values(FORGED)
            .map((make) => make(shipped))
            .join('')
            .repeat(20),
        ),
    ],
    ['the whole log written anew', () => writeFile(logFile(), FORGED.detailed(shipped))],
    ['an older log put beside it', () => writeFile(`${logFile()}.1`, FORGED.detailed(shipped))],
    [
      'with the right config in the file, which nobody has read',
      async () => {
        await running.config.write(solved())
        await forged(FORGED.detailed(shipped))
      },
    ],
    [
      'as the body of a log record that a debug exporter prints',
      async () => {
        await running.config.restart(
          debug('  debug:\n    verbosity: detailed')(pristine).replace('[otlp_http/loki]', '[otlp_http/loki, debug]'),
        )
        await send(door, logs({ runId: shipped.runId, traceId: shipped.traces[0]! }, FORGED.detailed(shipped)))
      },
    ],
    [
      'beside a debug exporter that only counts',
      async () => {
        await running.config.restart(inTraces(debug('  debug:')(pristine)))
        await forged(FORGED.detailed(shipped))
      },
    ],
    [
      'beside a debug exporter in the pipeline for metrics',
      async () => {
        await running.config.restart(
          debug('  debug:\n    verbosity: detailed')(pristine).replace(
            'exporters: [prometheus]',
            'exporters: [prometheus, debug]',
          ),
        )
        await forged(FORGED.detailed(shipped))
      },
    ],
    [
      'beside a debug exporter that was put in after the run',
      async () => {
        await running.config.restart(solved())
        await forged(FORGED.detailed(shipped))
      },
    ],
    [
      'hand-made spans with the right ids, sent once debug is in',
      async () => {
        await running.config.restart(solved())
        await send(door, spans({ runId: shipped.runId, traceId: shipped.traces[0]! }))
      },
    ],
    [
      'by a file exporter that writes into the log',
      async () => {
        await running.config.restart(
          pristine
            .replace('\nexporters:\n', `\nexporters:\n  file:\n    path: ${logFile()}\n`)
            .replace('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/tempo, file]'),
        )
        await send(door, spans({ runId: shipped.runId, traceId: shipped.traces[0]! }))
      },
    ],
  ])('%s', async (_, play) => {
    await play()
    expect(await verdictOf(watchSpans, shipped)).not.toBe('passed')
    await running.config.restart(pristine)
  })
})

describe('hand-made telemetry under the run id', () => {
  beforeAll(() => running.config.restart(solved()))

  test('nothing of it: then it passes', async () => {
    const report = await checkAttempt(running.lab, watchSpans, await driveAttempt(running.lab, watchSpans.drive))
    expect(report).toMatchObject({ verdict: 'passed', origin: 'proven' })
  })

  test.each([
    [
      'a span in the same trace, after the run',
      (a: Attempt) => send(door, spans({ runId: a.runId, traceId: a.traces[0]! })),
    ],
    ['a trace of its own, after the run', (a: Attempt) => send(door, spans({ runId: a.runId }))],
    ['a log record', (a: Attempt) => send(door, logs({ runId: a.runId, traceId: a.traces[0]! }, 'by hand'))],
    ['a metric', (a: Attempt) => send(door, failedMetric({ runId: a.runId }, 3))],
    [
      'a line straight into Loki',
      (a: Attempt) =>
        running.lab.backends.loki.push({ service_name: 'neuro-preprocess', service_instance_id: a.runId }, [
          { ns: BigInt(Date.now()) * 1_000_000n, line: 'by hand' },
        ]),
    ],
  ])('%s', async (_, play) => {
    const attempt = await driveAttempt(running.lab, watchSpans.drive)
    await play(attempt)
    await new Promise((done) => setTimeout(done, 700))
    const report = await checkAttempt(running.lab, watchSpans, attempt)
    expect(report.verdict).toBe('failed')
    expect(report.results.at(-1)).toMatchObject({
      id: 'origin',
      case: 'foreign',
      seen: expect.stringContaining(attempt.runId),
    })
  })

  const during = (play: (runId: string) => Promise<void>): ExerciseLab => ({
    ...running.lab,
    async run(request) {
      const done = running.lab.run(request)
      await play(request.runId)
      return done
    },
  })
  const whileItRuns = async (runId: string) => {
    for (let i = 0; i < 100; i++) {
      const found = await environOf(runId)
      if (found?.OTEL_EXPORTER_OTLP_ENDPOINT) return found.OTEL_EXPORTER_OTLP_ENDPOINT
      await new Promise((done) => setTimeout(done, 20))
    }
    throw new Error('the program was never seen')
  }
  test.each([
    [
      'sent to the collector while the program runs',
      async (runId: string) => {
        await whileItRuns(runId)
        await send(door, spans({ runId }))
      },
    ],
    [
      "sent to the program's own relay by another process",
      async (runId: string) => send(await whileItRuns(runId), spans({ runId })),
    ],
  ])('%s', async (_, play) => {
    const attempt = await driveAttempt(during(play), watchSpans.drive)
    const report = await checkAttempt(running.lab, watchSpans, attempt)
    expect(report.results.at(-1)).toMatchObject({ id: 'origin', case: 'foreign' })
  })

  test('while the program sends nothing itself', async () => {
    const lab: ExerciseLab = {
      ...running.lab,
      run: (request) => running.lab.run({ ...request, step: { ...request.step, env: { OTEL_SDK_DISABLED: 'true' } } }),
    }
    const attempt = await driveAttempt(lab, watchSpans.drive)
    const traceId = hex(16)
    await send(door, spans({ runId: attempt.runId, traceId }))
    expect(await verdictOf(watchSpans, { ...attempt, traces: [traceId] })).not.toBe('passed')
    expect(await verdictOf(watchSpans, attempt)).not.toBe('passed')
  })

  test('so much else that the tap forgets what came from whom', async () => {
    const attempt = await driveAttempt(running.lab, watchSpans.drive)
    const one = spans({ runId: attempt.runId })
    for (let i = 0; i < 30; i++) await Promise.all(Array.from({ length: 50 }, () => send(door, one)))
    expect(await verdictOf(watchSpans, attempt)).not.toBe('passed')
  })
})

describe("a learner's program that sends nothing", () => {
  const drive = { run: [{ app: 'app/main' }] }
  const place = (text: string) => writeFile(join(running.workspace.root, 'app', 'main.mjs'), text)
  beforeAll(async () => {
    await running.config.restart(pristine)
    await mkdir(join(running.workspace.root, 'app'), { recursive: true })
  })
  const driven = (env: Record<string, string>, play: (runId: string) => Promise<void>) =>
    driveAttempt(
      {
        ...running.lab,
        async run(request) {
          const done = running.lab.run({ ...request, step: { ...request.step, env } })
          for (let i = 0; i < 200 && !(await environOf(request.runId)); i++)
            await new Promise((wait) => setTimeout(wait, 20))
          await play(request.runId)
          await writeFile(join(running.workspace.root, 'app', 'enough'), '')
          return done
        },
      },
      drive,
    )
  /** Ends when the spans by hand are there. */
  const SILENT = `import { access, rm } from 'node:fs/promises'
while (await access('app/enough').then(() => false, () => true)) await new Promise((wait) => setTimeout(wait, 20))
await rm('app/enough')`

  test.each<[string, () => Record<string, string>]>([
    ['and another process sends in its place', () => ({})],
    ['and the shell names an endpoint', () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: door })],
  ])('%s', async (_, env) => {
    await place(SILENT)
    const attempt = await driven(env(), (runId) => send(door, spans({ runId })))
    expect(await originOf({ lab: running.lab, attempt })).toMatchObject({ case: 'foreign' })
  })

  test('its child sends, to an address that is written down in its code: that is its own', async () => {
    await writeFile(
      join(running.workspace.root, 'app', 'child.mjs'),
      `const attribute = (pair) => ({ key: pair.split('=')[0], value: { stringValue: pair.split('=')[1] } })
const resource = { attributes: process.env.OTEL_RESOURCE_ATTRIBUTES.split(',').map(attribute) }
const span = { traceId: '${hex(16)}', spanId: '${hex(8)}', name: 'child', kind: 1, startTimeUnixNano: String(Date.now() * 1e6), endTimeUnixNano: String(Date.now() * 1e6) }
const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans: [span] }] }] })
await fetch('${door}/v1/traces', { method: 'POST', headers: { 'content-type': 'application/json' }, body })`,
    )
    await place(`import { execFileSync } from 'node:child_process'
execFileSync(process.execPath, ['app/child.mjs'])
${SILENT}`)
    const attempt = await driven({}, async () => {})
    expect(attempt.exitCode).toBe(0)
    expect(await originOf({ lab: running.lab, attempt })).toBe('proven')
  })
})

test('a program that is run as it came is not run when it is another', async () => {
  const filter = running.exercises.find(({ slug }) => slug === 'filter-what-must-stay')!
  await placeStart(filter, running.workspace.root, {})
  const path = join(running.workspace.root, 'app', 'clinic.mjs')
  const came = await readFile(path, 'utf8')
  const refusal = () =>
    requireAll(filter, running.lab, running.progress, {}).then(
      () => undefined,
      (error) => error.message,
    )
  expect(await refusal()).toBe(undefined)
  await writeFile(path, came.replaceAll('\n', '\r\n'))
  expect(await refusal()).toBe(undefined)
  await writeFile(path, came.replace('i < 20', 'i < 0'))
  expect(await refusal()).toContain('app/clinic.mjs is not as it came')
  await writeFile(path, came)
  await writeFile(join(running.workspace.root, 'app', 'clinic.py'), '')
  expect(await refusal()).toContain('app/clinic.mjs is not as it came')
})

test('a text that somebody else writes into the log', async () => {
  const attempt = await driveAttempt(running.lab, { run: [{ command: [process.execPath, '-e', ''] }] })
  const check = (text: string) =>
    checkKind('collector-output')!.run(
      { lab: quick(), exercise: watchSpans, attempt, answers: {} },
      { id: 'text', check: 'collector-output', title: 'It says so', prints: 'text', text },
    )
  await appendFile(logFile(), 'the moon is full\n')
  expect(await check('the moon is full')).toMatchObject({ verdict: 'failed', case: 'no-text' })
  await running.config.restart(pristine)
  expect(await check('Everything is ready')).toMatchObject({ verdict: 'passed' })
})

test('a debug exporter that is shown one span of all', async () => {
  await running.config.restart(
    debug('  debug:\n    verbosity: detailed')(pristine)
      .replace(
        '\nprocessors:\n',
        '\nprocessors:\n  filter/most:\n    trace_conditions: [\'span.name != "process_file"\']\n',
      )
      .replace(
        '\n    metrics:\n      receivers',
        '\n    traces/2:\n      receivers: [otlp]\n      processors: [filter/most]\n      exporters: [debug]\n    metrics:\n      receivers',
      ),
  )
  const report = await checkAttempt(quick(), watchSpans, await driveAttempt(running.lab, watchSpans.drive))
  expect(report.results[0]).toMatchObject({ verdict: 'failed', case: 'some' })
})

describe('the chain from metric to trace', () => {
  const answered = async () => {
    const attempt = await driveAttempt(running.lab, { run: [{ demo: 'stress', seed: 1 }] })
    await checkAttempt(running.lab, failure, attempt)
    return { ...attempt, answers: await solve({ lab: running.lab, attempt }, failure.solution) }
  }
  beforeAll(() => running.config.restart(pristine))

  test('nothing of it: then it passes', async () => {
    expect(await checkAttempt(running.lab, failure, await answered())).toMatchObject({
      verdict: 'passed',
      origin: 'proven',
    })
  })

  test.each([
    [
      'an error of my own choice in a trace of the run',
      async (a: Attempt) => {
        const traceId = a.said.find(({ traceId: id, errorType }) => id && !errorType)!.traceId!
        await send(door, failedSpan({ runId: a.runId, traceId }, 'the scan is upside down', 'upside-down'))
      },
    ],
    [
      'an ERROR line for another trace',
      (a: Attempt) => send(door, logs({ runId: a.runId, traceId: a.traces[0]! }, 'it broke')),
    ],
    ['a higher count', (a: Attempt) => send(door, failedMetric({ runId: a.runId, traceId: a.traces[0]! }, 99))],
    [
      'an ERROR line straight into Loki',
      (a: Attempt) =>
        running.lab.backends.loki.push(
          { service_name: 'neuro-preprocess', service_instance_id: a.runId, level: 'error' },
          [{ ns: BigInt(Date.now()) * 1_000_000n, line: 'by hand', metadata: { trace_id: a.traces[0]! } }],
        ),
    ],
  ])('%s', async (_, play) => {
    const attempt = await answered()
    await play(attempt)
    await new Promise((done) => setTimeout(done, 1_500))
    expect(await verdictOf(failure, attempt, running.lab)).not.toBe('passed')
  })

  test('a metric by remote write, for a run that counts nothing', async () => {
    const healthy = await driveAttempt(running.lab, { run: [{ demo: 'normal', files: 1 }] })
    const url = running.lab.backends.prometheus.url
    const labels = {
      __name__: 'neuro_files_failed_total',
      instance: healthy.runId,
      job: 'neuro-preprocess',
      by: 'hand',
    }
    await remoteWrite(url, [{ labels, samples: [{ time: Date.now(), value: 3 }] }]).catch(() => undefined)
    expect(await verdictOf(failure, { ...healthy, answers: { file: 'sub-001', reason: 'truncated' } })).not.toBe(
      'passed',
    )
  })
})

describe('the kept attempt', () => {
  let file: string
  let text: string
  let right: Record<string, string>
  let attempt: Attempt
  const options = () => ({ lab: running.lab, exercise: delay, progress: running.progress })
  beforeAll(async () => {
    await running.config.restart(pristine)
    file = running.workspace.statePath('attempts', 'measure-the-delay.json')
    attempt = (await check({ ...options(), given: {} })).attempt
    right = await solve({ lab: running.lab, attempt }, delay.solution)
    text = await readFile(file, 'utf8')
  })
  const edited = async (change: (kept: { attempt: Attempt; seal: Record<string, unknown> }) => unknown) => {
    const kept = JSON.parse(text)
    await writeFile(file, JSON.stringify(change(kept) ?? kept))
    return check({ ...options(), given: right }).then(
      ({ report }) => report.verdict,
      (error) => error.code,
    )
  }

  test.each([
    [
      'sightings moved',
      (k: { attempt: Attempt }) => {
        k.attempt.sightings = [{ way: 'by-search', at: k.attempt.endedAt }]
      },
    ],
    [
      'its age',
      (k: { attempt: Attempt }) => {
        k.attempt.endedAt += 60_000
      },
    ],
    [
      'its wrong answers forgotten',
      (k: { attempt: Attempt }) => {
        k.attempt.wrong = -9
      },
    ],
    [
      'answers put in',
      (k: { attempt: Attempt }) => {
        k.attempt.answers = right
      },
    ],
    [
      'another run',
      (k: { attempt: Attempt }) => {
        k.attempt.runId = 'r3lsbzzyt88'
      },
    ],
    [
      'another trace',
      (k: { attempt: Attempt }) => {
        k.attempt.traces = [hex(16)]
      },
    ],
    [
      'other ports',
      (k: { attempt: Attempt }) => {
        k.attempt.ports = [1, 2, 3]
      },
    ],
    [
      'its origin',
      (k: { attempt: Attempt }) => {
        k.attempt.origin = 'unknown'
      },
    ],
    [
      'what the app said',
      (k: { attempt: Attempt }) => {
        k.attempt.said = []
      },
    ],
    ['without its seal', ({ attempt: a }: { attempt: Attempt }) => ({ attempt: a })],
    ['the bare attempt', ({ attempt: a }: { attempt: Attempt }) => a],
    [
      'a signature of nothing',
      (k: { seal: Record<string, unknown> }) => {
        k.seal.signature = 'AAAA'
      },
    ],
    [
      'a count of its own',
      (k: { seal: Record<string, unknown> }) => {
        k.seal.seq = 99
      },
    ],
  ])('%s', async (_, change) => {
    expect(await edited(change as never)).toBe('attempt-changed')
  })

  test('signed by a key of my own', async () => {
    const seals = openSeals(join(temp, 'own-keys'))
    const mine = { ...attempt, sightings: [], answers: right }
    expect(await edited(() => ({ attempt: mine, seal: undefined }))).toBe('attempt-changed')
    const seal = await seals.seal(attempt.runId, mine)
    expect(await edited(() => ({ attempt: mine, seal }))).toBe('attempt-changed')
  })

  test('an older copy, from before the wrong answers', async () => {
    await writeFile(file, text)
    const wrong = await check({ ...options(), given: { app: '90s' } })
    expect(wrong.guessesLeft).toBe(2)
    await writeFile(file, text)
    await expect(check({ ...options(), given: right })).rejects.toMatchObject({ code: 'attempt-changed' })
  })

  test("another exercise's attempt in its place", async () => {
    const other = await check({ ...options(), exercise: failure, given: {} })
    expect(other.report.verdict).toBe('failed')
    await cp(running.workspace.statePath('attempts', 'follow-the-failure.json'), file)
    const result = await check({ ...options(), given: right }).then(
      ({ report }) => report.verdict,
      (error) => error.code,
    )
    expect(result).not.toBe('passed')
  })

  test('guessing: after three the attempt is void, and its right answers are worth nothing', async () => {
    const fresh = (await check({ ...options(), given: {} })).attempt
    const mine = await solve({ lab: running.lab, attempt: fresh }, delay.solution)
    for (const app of ['90s', '91s']) await check({ ...options(), given: { app } })
    const third = await check({ ...options(), given: { app: '92s' } })
    expect(third).toMatchObject({ guessesLeft: 0, renewed: { wrong: 0 } })
    expect(third.renewed!.runId).not.toBe(fresh.runId)
    const late = await check({ ...options(), given: { appeared: mine.appeared!, app: mine.app!, delay: mine.delay! } })
    expect(late.attempt.runId).toBe(third.renewed!.runId)
    expect(late.report.verdict).not.toBe('passed')
  })

  test('answers for nothing, and for what is too old', async () => {
    await running.progress.reset(delay)
    await expect(check({ ...options(), given: right })).rejects.toMatchObject({ code: 'no-attempt' })
    await check({ ...options(), given: {} })
    const later = { ...running.lab, now: () => Date.now() + 31 * 60_000 }
    await expect(check({ ...options(), lab: later, given: right })).rejects.toMatchObject({ code: 'no-attempt' })
  })
})

describe('the record of what was passed', () => {
  const file = () => running.workspace.statePath('progress.json')
  let text: string
  beforeAll(async () => {
    await running.config.restart(solved())
    const { report } = await check({ lab: running.lab, exercise: watchSpans, progress: running.progress, given: {} })
    expect(report.verdict).toBe('passed')
    text = await readFile(file(), 'utf8')
    expect((await running.progress.of(watchSpans)).passedAt).toEqual(expect.any(String))
  })
  // biome-ignore lint/suspicious/noExplicitAny: a file that somebody edits as they like
  type Edited = Record<string, any>
  const edited = async (change: (progress: Edited) => void, exercise = watchSpans) => {
    const progress = JSON.parse(text)
    change(progress)
    await writeFile(file(), JSON.stringify(progress))
    const known = await running.progress.of(exercise)
    await writeFile(file(), text)
    return known
  }
  const slug = 'watch-spans-pass'

  test.each<[string, (progress: Edited) => void]>([
    [
      'another time',
      (p) => {
        p[slug].passedAt = '2026-01-01T00:00:00Z'
      },
    ],
    [
      'another time, in both places',
      (p) => {
        p[slug].passedAt = p[slug].pass.at = '2026-01-01T00:00:00Z'
      },
    ],
    [
      'another run',
      (p) => {
        p[slug].passedRun = p[slug].pass.runId = 'r3lsbzzyt88'
      },
    ],
    [
      'not by the solution',
      (p) => {
        p[slug].pass.applied = !p[slug].pass.applied
      },
    ],
    [
      'another exercise was judged',
      (p) => {
        p[slug].pass.digest = 'f'.repeat(64)
      },
    ],
    [
      'not changed',
      (p) => {
        p[slug].pass.changed = true
      },
    ],
    [
      'where it came from',
      (p) => {
        p[slug].pass.origin = 'unknown'
      },
    ],
    [
      'what was seen',
      (p) => {
        p[slug].pass.evidence[0].seen = 'all is well'
      },
    ],
    ['evidence taken out', (p) => p[slug].pass.evidence.pop()],
    ['evidence put in', (p) => p[slug].pass.evidence.push({ check: 'x', seen: 'y' })],
    [
      'a query',
      (p) => {
        p[slug].pass.evidence[0].query = 'otel-lab trace x'
      },
    ],
    ['no seal', (p) => delete p[slug].seal],
    ['a seal for another count', (p) => p[slug].seal.seq++],
  ])('%s', async (_, change) => {
    expect(await edited(change)).toMatchObject({ distrust: expect.any(String) })
    expect((await edited(change)).passedAt).toBeUndefined()
  })

  test.each<[string, (progress: Edited) => void]>([
    [
      'written by hand',
      (p) => (p['follow-the-failure'] = { checks: 1, passedAt: new Date().toISOString(), passedRun: 'r3lsbzzyt88' }),
    ],
    [
      'taken from another exercise',
      (p) => {
        p['follow-the-failure'] = p[slug]
      },
    ],
    [
      'taken from another exercise and renamed',
      (p) => (p['follow-the-failure'] = { ...p[slug], pass: { ...p[slug].pass, slug: 'follow-the-failure' } }),
    ],
  ])('a pass that never was: %s', async (_, change) => {
    expect((await edited(change, failure)).passedAt).toBeUndefined()
  })

  test('a pass of another lab, and one that I have signed myself', async () => {
    const { pass } = await running.progress.of(watchSpans)
    const mine: Pass = { ...pass!, slug: 'follow-the-failure' }
    const seal = await openSeals(join(temp, 'other-lab')).seal(mine.runId, mine)
    const own = (p: Edited) =>
      (p['follow-the-failure'] = { checks: 1, passedAt: mine.at, passedRun: mine.runId, pass: mine, seal })
    expect(await edited(own, failure)).toMatchObject({ distrust: 'another lab has signed it' })
    expect(
      passFault(mine, seal, { course: 'otel-lab', slug: 'follow-the-failure' }, await running.progress.labId()),
    ).toBe('another lab has signed it')
  })

  test('many commands at once lose nothing of it', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () => running.progress.newRound(failure)).concat(
        Array.from({ length: 20 }, (_, i) => running.progress.patch(delay, { hintsShown: i })),
      ),
    )
    expect(await running.progress.of(failure)).toMatchObject({ round: 20 })
    expect((await running.progress.of(watchSpans)).passedAt).toEqual(expect.any(String))
  })
})

describe('an exercise made easier', () => {
  const changed = async (change: (root: string) => Promise<void>) => {
    const root = await mkdtemp(join(temp, 'course-'))
    for (const dir of ['exercises', 'solutions']) await cp(dir, join(root, dir), { recursive: true })
    await change(root)
    return loadCourse(root, 'otel-lab')
  }
  const edit = (path: string, from: string | RegExp, to: string) => async (root: string) => {
    const before = await readFile(join(root, path), 'utf8')
    const after = before.replace(from, to)
    expect(after).not.toBe(before)
    await writeFile(join(root, path), after)
  }
  const first = 'exercises/01-watch-spans-pass/exercise.yaml'
  const third = 'exercises/03-follow-the-failure/exercise.yaml'

  test('nothing changed: then none is told as changed', async () => {
    expect((await changed(async () => {})).exercises.filter((one) => one.changed)).toEqual([])
  })

  test.each([
    ['a check taken out', edit(first, / {2}- id: tempo[\s\S]*?(?=hints:)/, ''), 1],
    ['a wrong answer taken out', edit(first, / {2}- name: follow the lesson[\s\S]*?(?= {2}- name)/, ''), 1],
    ['an expectation weakened', edit(third, 'min: 1', 'min: 0'), 3],
    ['a question taken away', edit(third, 'trace: error', 'trace: any'), 3],
    ['a demo without failures', edit(third, 'demo: stress', 'demo: normal'), 3],
    ['its text', edit('exercises/01-watch-spans-pass/README.md', 'in silence', 'aloud'), 1],
    ['its solution', edit('solutions/03-follow-the-failure/solution.yaml', 'failed-file', '=sub-001'), 3],
  ])('%s is seen', async (_, change, number) => {
    const { exercises, broken } = await changed(change)
    const seen = [...exercises.filter((one) => one.changed), ...broken].map((one) => one.number)
    expect(seen).toEqual([number])
  })
})
