import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'
import { faultsOf } from './faults.ts'
import { BROKEN_VIEWS, VIEWS, type View } from './list.ts'

vi.setConfig({ testTimeout: 1_800_000 })

/** VIEWS=write keeps them in test/views/WIDTH, to be read one by one. */
const KEPT = process.env.VIEWS === 'write' ? 'test/views' : undefined
const ONLY = process.env.VIEWS_ONLY

const WIDTHS = [60, 80, 120]
let lab: TestLab
beforeAll(async () => {
  lab = await testLab()
})
afterAll(() => lab.close(), 120_000)

/** What --help says of each command; one process for all of them, for there are many. */
async function helpTexts(width: number): Promise<[string, string][]> {
  const env = { ...process.env, OCLIF_COLUMNS: String(width), NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, ['test/views/help.mjs'], { env })
  return Object.entries(JSON.parse(stdout))
}

const faults: string[] = []
async function see(name: string, shown: Pick<View, 'args' | 'asIs'>, text: string, width: number): Promise<void> {
  faults.push(...faultsOf(shown, text, width))
  const prompt = `$ otel-lab ${shown.args.join(' ')}\n`
  if (KEPT) await writeFile(join(KEPT, String(width), `${name}.txt`), prompt + text)
}

async function show(view: View, width: number, more: unknown): Promise<void> {
  const args = [...view.args, ...(Array.isArray(more) ? more : [])]
  const { stdout, stderr } = await lab.run(args, { env: { COLUMNS: String(width) } })
  const text = [stdout, stderr].filter((part) => part !== '').join('\n')
  expect(text, args.join(' ')).not.toMatch(/This is a bug of otel-lab|\(node:\d+\)|Warning:/)
  await see(view.name, { ...view, args }, text, width)
}

test.each(WIDTHS)('every help fits %i columns', async (width) => {
  if (KEPT) await mkdir(join(KEPT, String(width)), { recursive: true })
  faults.length = 0
  for (const [id, text] of await helpTexts(width)) {
    await see(`help-${id.replaceAll(' ', '-')}`.replace(/-$/, ''), { args: [id, '--help'] }, text, width)
  }
  expect(faults).toEqual([])
})

// One lab for all widths: what is shown is made once, and each width shows the same of it.
test('every view fits 60, 80 and 120 columns', async () => {
  const views = (KEPT ? [...VIEWS, ...BROKEN_VIEWS] : VIEWS).filter(({ name }) => new RegExp(ONLY ?? '').test(name))
  faults.length = 0
  const slow: [seconds: number, name: string][] = []
  for (const view of views) {
    const began = performance.now()
    const widths = view.long && !KEPT ? WIDTHS.slice(0, 1) : WIDTHS
    if (view.changes) for (const width of widths) await show(view, width, await view.before?.(lab))
    else {
      const more = await view.before?.(lab)
      await Promise.all(widths.map((width) => show(view, width, more)))
    }
    slow.push([(performance.now() - began) / 1000, view.name])
  }
  slow.sort(([a], [b]) => b - a)
  const slowest = slow.slice(0, 8).map(([seconds, name]) => `${name} ${seconds.toFixed(1)} s`)
  console.log(`${views.length} views; the slowest: ${slowest.join(', ')}`)
  expect(faults).toEqual([])
})
