import { beforeAll, describe, expect, it } from 'vitest'
import { frameOf } from '../../../src/exercises/loop/frame.ts'
import { openState, reduce } from '../../../src/exercises/loop/reduce.ts'
import type { Listed, LoopEvent, LoopState, Turn } from '../../../src/exercises/loop/state.ts'
import { type Exercise, loadCourse } from '../../../src/exercises.ts'
import { renderFrame } from '../../../src/ui/frame.ts'
import { keysIn } from '../../../src/ui/keys.ts'
import { paint } from '../../../src/ui/paint.ts'

let exercises: Exercise[]
let list: Listed[]

beforeAll(async () => {
  exercises = (await loadCourse()).exercises
  list = exercises.map(({ number, slug, title, goal }) => ({ number, slug, title, goal, state: 'new' }))
})

const opened = (number: number): LoopState =>
  openState({ kind: 'opened', exercise: exercises[number - 1]!, known: { checks: 0 }, list })

const attempt = (runId = 'r0123456789') =>
  ({
    runId,
    endedAt: Date.UTC(2026, 0, 1, 12),
    sightings: [],
    answers: {},
    values: {},
  }) as never as LoopState['attempt']

/** One event after the other; the effects of all. */
function play(state: LoopState, ...events: LoopEvent[]): Turn {
  return events.reduce<Turn>(
    (turn, event) => {
      const next = reduce(turn.state, event)
      return { state: next.state, effects: [...turn.effects, ...next.effects] }
    },
    { state, effects: [] },
  )
}

const key = (name: string): LoopEvent => ({ kind: 'key', key: name })
const edited = { kind: 'edited', configs: true, programs: false, shown: 'a.yaml', at: 0 } as const

describe('the loop', () => {
  it('reads, checks and passes what is saved, and waits after a pass', () => {
    const { state, effects } = play(
      opened(1),
      edited,
      { kind: 'applied', text: 'otel-collector runs with it', at: 0, matters: true },
      { kind: 'driven', attempt: attempt()! },
    )
    expect(effects).toEqual([{ do: 'apply' }, { do: 'check' }])
    expect(state.busy).toBe('checking')
    const after = play(state, {
      kind: 'checked',
      verdict: 'passed',
      attempt: attempt()!,
      open: [],
      known: { checks: 1, passedAt: 'now' },
      list,
    })
    expect(after.state).toMatchObject({ passed: true, view: 'learned' })
    expect(after.effects).toEqual([])
    expect(play(after.state, key('n')).effects).toEqual([{ do: 'open', number: 2 }])
  })

  it('takes no key while it is busy but to leave, and what was saved meanwhile has its turn afterwards', () => {
    const busy = play(opened(1), key('c')).state
    expect(play(busy, key('n'), key('h'), key('l'), key('c')).effects).toEqual([])
    expect(play(busy, key('q')).effects).toEqual([{ do: 'quit' }])
    expect(play(busy, key('ctrl-c')).state.quitting).toBe(true)
    const failed: LoopEvent = {
      kind: 'checked',
      verdict: 'failed',
      attempt: attempt()!,
      open: [],
      known: { checks: 1 },
      list,
    }
    expect(play(busy, edited, failed).effects).toEqual([{ do: 'apply' }])
  })

  it('shows the solution and resets only when asked twice, and forgets the first asking at any other key', () => {
    expect(play(opened(1), key('d')).effects).toEqual([])
    expect(play(opened(1), key('d'), key('d')).effects).toEqual([{ do: 'diff' }])
    expect(play(opened(1), key('d'), key('t'), key('d')).effects).toEqual([])
    expect(play(opened(1), key('r'), key('r')).effects).toEqual([{ do: 'reset' }])
    expect(play(opened(1), key('r'), key('d'), key('r')).effects).toEqual([])
    expect(play({ ...opened(1), passed: true }, key('d')).effects).toEqual([{ do: 'diff' }])
  })

  it('asks for answers one after the other, and gives those that were typed', () => {
    const open = exercises[1]!.answers!.map(({ key: name }) => name)
    const waiting = { ...opened(2), attempt: attempt()!, open }
    const typed = play(
      waiting,
      key('a'),
      ...keysIn('1.2s\r').map(key),
      ...keysIn('x\u007f14:03:27\r').map(key),
      key('enter'),
    )
    expect(typed.effects).toEqual([{ do: 'answer', given: { app: '1.2s', appeared: '14:03:27' } }])
    const left = play(waiting, key('a'), key('q'), key('escape')).state
    expect(left.typing).toBeUndefined()
    expect(left.quitting).toBe(false)
  })

  it('does not let other telemetry take the place of an attempt that waits for answers', () => {
    const open = ['app']
    expect(play({ ...opened(2), attempt: attempt()!, open }, { kind: 'traffic', text: '3 spans' }).effects).toEqual([])
    expect(play(opened(1), { kind: 'traffic', text: '3 spans' }).effects).toEqual([{ do: 'check' }])
  })

  it('goes on with the old config when the new one is refused, and says so until it is mended', () => {
    const refused = play(opened(1), edited, { kind: 'refused', message: 'line 9: no', hint: 'mend it', at: 0 })
    expect(refused.effects).toEqual([{ do: 'apply' }])
    expect(refused.state.view).toBe('refused')
    const mended = play(refused.state, edited, { kind: 'applied', text: 'runs', at: 0, matters: false }).state
    expect(mended).toMatchObject({ view: 'task', config: { state: 'applied' } })
  })
})

describe('a frame', () => {
  const views: LoopState['view'][] = [
    'task',
    'results',
    'hint',
    'queries',
    'diff',
    'list',
    'learned',
    'refused',
    'trouble',
  ]

  it.each([
    [40, 16],
    [60, 24],
    [80, 24],
    [120, 40],
  ])('fits %i columns and %i rows, whatever it shows', (columns, rows) => {
    for (const exercise of [1, 2, 3]) {
      for (const view of views) {
        const results = Object.fromEntries(
          exercises[exercise - 1]!.checks.map(({ id, title }) => [
            id,
            {
              id,
              title,
              verdict: 'failed' as const,
              seen: 'nothing of it '.repeat(20),
              expected: 'all',
              why: 'so',
              next: `otel-lab query loki '${'x'.repeat(150)}'`,
              at: 5,
            },
          ]),
        )
        const state: LoopState = {
          ...opened(exercise),
          view,
          results,
          attempt: attempt()!,
          open: ['app'],
          hints: ['Look under processors.'],
          diff: ['--- a', '+++ b', '@@ -1 +1 @@', `+${'long '.repeat(60)}`],
          say: 'something to say that is longer than one line of a narrow terminal is',
          trouble: { message: 'the lab is not running', hint: 'otel-lab up' },
          config: { state: 'refused', at: 0, text: 'line 9: no', detail: 'mend it' },
        }
        const { lines, farthest } = renderFrame(frameOf(state), { columns, rows, paint: paint({ colour: false }) })
        expect(lines).toHaveLength(rows)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
        const end = renderFrame(
          { ...frameOf(state), scroll: 10_000 },
          { columns, rows, paint: paint({ colour: false }) },
        )
        expect(end.lines).toHaveLength(rows)
        expect(farthest).toBeGreaterThanOrEqual(0)
      }
    }
  })
})

it('takes keys apart, and never a half of one', () => {
  expect(keysIn('h\u001b[A\u001b[6~é😀\r')).toEqual(['h', 'up', 'page-down', 'é', '😀', 'enter'])
  expect(keysIn('\u001b')).toEqual(['escape'])
  expect(keysIn('\u0000\u001b[200~')).toEqual([])
})
