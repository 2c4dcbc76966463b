import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test, vi } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'
import { faultsOf } from './faults.ts'
import { BROKEN_VIEWS, VIEWS } from './list.ts'

vi.setConfig({ testTimeout: 1_800_000 })

/** VIEWS=write keeps them in test/views/WIDTH, to be read one by one. */
const KEPT = process.env.VIEWS === 'write' ? 'test/views' : undefined
const ONLY = process.env.VIEWS_ONLY

const labs: TestLab[] = []
afterAll(() => Promise.all(labs.map((lab) => lab.close())), 120_000)

/** What --help says of each command; one process for all of them, for there are many. */
async function helpTexts(width: number): Promise<[string, string][]> {
  const env = { ...process.env, OCLIF_COLUMNS: String(width), NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, ['test/views/help.mjs'], { env })
  return Object.entries(JSON.parse(stdout))
}

// Three labs at once: each waits for its backends more than it computes.
test.concurrent.each([60, 80, 120])('every view fits %i columns', async (width) => {
  const lab = await testLab()
  labs.push(lab)
  const faults: string[] = []
  let shown = 0
  if (KEPT) await mkdir(join(KEPT, String(width)), { recursive: true })
  const keep = async (name: string, text: string) => {
    shown++
    if (KEPT) await writeFile(join(KEPT, String(width), `${name}.txt`), text)
  }
  for (const [id, text] of await helpTexts(width)) {
    faults.push(...faultsOf({ args: [id, '--help'] }, text, width))
    await keep(`help-${id.replaceAll(' ', '-')}`.replace(/-$/, ''), text)
  }
  for (const view of KEPT ? [...VIEWS, ...BROKEN_VIEWS] : VIEWS) {
    if (view.long && width > 60 && !KEPT) continue
    if (ONLY !== undefined && !new RegExp(ONLY).test(view.name)) continue
    const more = await view.before?.(lab)
    const args = [...view.args, ...(Array.isArray(more) ? more : [])]
    const { stdout, stderr } = await lab.run(args, { env: { COLUMNS: String(width) } })
    const text = [stdout, stderr].filter((part) => part !== '').join('\n')
    expect(text, args.join(' ')).not.toMatch(/This is a bug of otel-lab|\(node:\d+\)|Warning:/)
    await keep(view.name, `$ otel-lab ${args.join(' ')}\n${text}`)
    faults.push(...faultsOf(view, text, width))
  }
  console.log(`${shown} views at ${width} columns`)
  expect(faults).toEqual([])
})
