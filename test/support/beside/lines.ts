import { Random } from '../random.ts'

const LEVELS = ['info', 'WARN', 'error', 'debug', 'fatal', 'Info2', 'warning', '7', 'strange', 'trace3']

/** A thousand lines of a kind: the same for the same seed. */
export const LINES: Record<string, () => string[]> = {
  json: () => lines(jsonLine),
  text: () => lines(textLine),
  epoch: () => lines(epochLine),
  /** Records of several lines each. */
  traces: () => lines(stackLine),
}

function lines(of: (random: Random, i: number) => string): string[] {
  const random = new Random(11)
  return Array.from({ length: 1_000 }, (_, i) => of(random, i))
}

const two = (number: number) => String(number).padStart(2, '0')
const clock = (i: number) => `2026-03-${two(1 + (i % 28))}T${two(i % 24)}:${two(i % 60)}:${two((i * 7) % 60)}`

function jsonLine(random: Random, i: number): string {
  if (random.chance(0.03))
    return random.pick(['no json', '{"cut":', '[1,2]', '"text"', 'null', '   {"padded":1}  ', ''])
  return JSON.stringify({
    i,
    time: random.chance(0.9)
      ? `${clock(i)}.${String(i % 1000).padStart(3, '0')}Z`
      : random.pick(['yesterday', 5, null]),
    level: random.chance(0.9) ? random.pick(LEVELS) : random.pick([3, 404, true, null, 1.5]),
    msg: random.pick(['slow', 'took 5 ms', 'Ünï', 'two\nlines', '']),
    user: random.chance(0.6)
      ? { id: i % 17, name: random.pick(['ann', 'bob']), tags: ['a', 1, { b: null }] }
      : undefined,
    ratio: random.pick([0.5, 2, -1e21, undefined]),
    'http.status': random.pick([200, 404, undefined]),
  })
}

function textLine(random: Random, i: number): string {
  if (random.chance(0.03)) return random.pick(['nothing that fits', '\tindented', 'trailing   ', '  ', 'x'.repeat(50)])
  const pad = random.chance(0.1) ? '  ' : ''
  return `${pad}${clock(i).replace('T', ' ')} [${random.pick(LEVELS)}] worker-${i % 5} handled ${i} in ${random.below(900)}ms${pad}`
}

function epochLine(random: Random, i: number): string {
  const seconds = 1_700_000_000 + i * 3
  const time = random.pick([
    String(seconds),
    `${seconds}.${String(i).padStart(3, '0')}`,
    `${seconds}${two(i % 100)}0`,
    'x',
  ])
  return `${time} ${random.pick([200, 302, 404, 503, 42])} ${random.pick(['Mon, 02 Mar 2026 10:04:05 +0200', 'Tue, 03 Mar 2026 11:00:00 -0700'])} line ${i}`
}

function stackLine(random: Random, i: number): string {
  const frames = Array.from({ length: random.below(4) }, (_, j) => `    at f${j} (app.js:${j})`)
  return [`${clock(i)} ERROR failed ${i}`, ...frames, ...(random.chance(0.2) ? ['END'] : [])].join('\n')
}
