import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { type TestLab, testLab } from '../../support/lab.ts'
import { type Terminal, terminal } from '../../support/terminal.ts'

const labs: TestLab[] = []
const terminals: Terminal[] = []

afterEach(async () => {
  for (const one of terminals.splice(0)) one.close()
  await Promise.all(labs.splice(0).map((lab) => lab.close()))
})

async function upLab(): Promise<TestLab> {
  const lab = await testLab()
  labs.push(lab)
  const { code, stderr } = await lab.run(['up', '--engine', 'embedded', '--port-offset', String(lab.offset)])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return lab
}

/** A course of the first three exercises alone: the frames are to stay as they are when the built-in one grows. */
async function useThree(lab: TestLab): Promise<void> {
  const root = join(lab.dir, 'three')
  for (const name of ['01-watch-spans-pass', '02-measure-the-delay', '03-follow-the-failure'])
    for (const part of ['exercises', 'solutions'])
      await cp(join(part, name), join(root, part, name), { recursive: true })
  expect((await lab.run(['course', 'use', root])).code).toBe(0)
}

/** What is another each time gets a name, so that frames can be compared and read. */
function still(text: string): string {
  return (
    text
      .replace(/\br[0-9a-z]{10}\b/g, 'rRUNIDRUNID')
      .replace(/\b[0-9a-f]{32}\b/g, 'TRACEIDTRACEIDTRACEIDTRACEIDTRAC')
      .replace(/\d\d:\d\d:\d\d\.\d/g, 'HH:MM:SS.0')
      .replace(/seen after +\d+\.\d s/g, 'seen after 0.0 s')
      .replace(/(Yours is kept: [^ ]*yaml)\.[0-9TZ-]+/g, '$1.TIME')
      .replaceAll(/\d+ spans/g, 'N spans')
      // What is seen at about the same time comes in either order.
      .replaceAll(/(?: HH:MM:SS\.0 .*\n)+/g, (timeline) => `${timeline.trimEnd().split('\n').toSorted().join('\n')}\n`)
  )
}

/** No line wider than the screen, none cut, and no word broken by the terminal's own wrapping. */
function readable(lines: string[], columns: number): void {
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(columns)
    expect(line).not.toMatch(/\S…/)
  }
}

it.each([
  { columns: 80, rows: 24, colour: true },
  { columns: 60, rows: 24, colour: false },
])(
  'from the first key to the report, $columns columns',
  async ({ columns, rows, colour }) => {
    const lab = await upLab()
    await useThree(lab)
    const screen = terminal([], { cwd: lab.dir, columns, rows, env: colour ? {} : { NO_COLOR: '1' } })
    terminals.push(screen)
    const frames: string[] = []
    // On a busy machine the screen may rest before the key has been read: what the key brings is waited for.
    const keep = async (what: string, shown: RegExp | string) => {
      await screen.shows(shown, 60_000)
      await screen.rests()
      readable(screen.lines(), columns)
      frames.push(`==== ${what}\n${still(screen.text())}`)
    }
    const config = join(lab.dir, 'configs/otel-collector-config.yaml')
    const shipped = await readFile(config, 'utf8')

    await screen.shows('q quit')
    await keep('otel-lab, typed alone, opens the exercise that is next', 'q quit')
    screen.press(' ')
    await keep('space: the rest of the task', 'Older tutorials')
    screen.press('s')
    await keep('s: no query yet', 'A check shows here')
    screen.press('h')
    await keep('h: the first hint', 'h: one more')
    screen.press('d')
    await keep('d: not before it was asked for twice', 'Press d again')
    screen.press('d')
    await keep('d again: what the solution would change', '+++ as the solution has it')
    screen.press('c')
    await screen.shows(/seen:/, 60_000)
    await keep('c: as shipped it fails, and says why', /seen:/)
    screen.press('s')
    await keep('s: what the checks asked', 'for you to ask by hand')

    const began = Date.now()
    await writeFile(config, `${shipped}nonsense: true\n`)
    await screen.shows(/was edited|reading the config|is refused/)
    expect(Date.now() - began).toBeLessThan(1_000)
    await screen.shows('is refused')
    await keep('an edit by another program that the collector refuses', /is refused, so[\s\S]*was edited/)

    await mkdir(join(lab.dir, 'app'), { recursive: true })
    const done = shipped
      .replace('exporters:\n', 'exporters:\n  debug:\n    verbosity: detailed\n')
      .replace('[otlp_grpc/tempo]', '[otlp_grpc/tempo, debug]')
    await writeFile(config, done)
    await screen.shows('Passed.', 60_000)
    await keep('an edit that solves it: read, checked and passed by itself', 'Passed.')
    screen.press('l')
    await keep('l: the list', 'Type a number to open it')
    screen.press('t')
    screen.press('n')
    // The list and the pass name it too; its text comes when it is open.
    await screen.shows('how long did the app take')
    await keep('n: the next exercise', 'how long did the app take')
    screen.press('c')
    await screen.shows('a answers', 60_000)
    await keep('c: the run to read the answers off', 'a answers')
    screen.press('a')
    await keep('a: the first answer', 'How long did the app take?')
    screen.press('99s\r')
    await keep('Enter: the second one', 'When did its trace appear in Tempo?')
    screen.press('\u001b')
    await keep('Esc: left open', 'Left open')
    screen.press('r')
    await keep('r: asks again first', 'Press r again')
    screen.press('r')
    await screen.shows('is as new')
    await keep('r again: as new', 'is as new')
    screen.press('q')
    expect(await screen.ended()).toBe(0)
    await keep('q: the terminal as it was', 'ends the lab')
    expect(screen.isClean()).toBe(true)

    const report = terminal(['report'], { cwd: lab.dir, columns, rows, env: colour ? {} : { NO_COLOR: '1' } })
    terminals.push(report)
    expect(await report.ended()).toBe(0)
    readable(report.lines(), columns)
    frames.push(`==== otel-lab report\n${still(report.text()).replaceAll(lab.dir, 'LAB')}`)
    await expect(`${frames.join('\n\n')}\n`).toMatchFileSnapshot(`frames-${columns}.txt`)
  },
  180_000,
)

it('leaves a clean terminal on Ctrl-C in the middle of a check, and goes on where one was', async () => {
  const lab = await upLab()
  const screen = terminal(['exercise', '2'], { cwd: lab.dir })
  terminals.push(screen)
  await screen.shows('2. Measure')
  screen.press('c')
  await screen.shows('run')
  // What is typed into a wait is not taken.
  screen.press('nnl')
  await screen.shows('2. Measure')
  screen.press('\u0003')
  expect(await screen.ended()).toBe(0)
  expect(screen.isClean()).toBe(true)
  const again = terminal([], { cwd: lab.dir })
  terminals.push(again)
  expect(await again.shows('q quit')).toContain('2. Measure')
  again.press('c')
  await again.shows('a answers', 60_000)
  again.press('q')
  await again.ended()
  // The attempt that waits for answers still does.
  const third = terminal([], { cwd: lab.dir })
  terminals.push(third)
  expect(await third.shows('q quit')).toContain('a answers: app')
  third.resize(60, 20)
  await third.rests()
  expect(third.lines()).toHaveLength(20)
  expect(third.text()).toContain('2. Measure')
  third.press('q')
  await third.ended()
}, 120_000)

it('notices a run in another terminal and checks by itself', async () => {
  const lab = await upLab()
  const screen = terminal(['exercise', '1'], { cwd: lab.dir })
  terminals.push(screen)
  await screen.shows('q quit')
  await screen.rests(2_500)
  expect((await lab.run(['run'])).code).toBe(0)
  expect(await screen.shows('seen:', 60_000)).toContain('no debug exporter')
}, 120_000)
