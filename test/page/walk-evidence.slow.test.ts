import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openBrowser } from '../support/browser.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const chromium = findChromium()
interface Said {
  verdict: string
  results: { id: string; verdict: string; case?: string; seen: string; traceId?: string }[]
}

describe.skipIf(!chromium)('the walk as evidence', () => {
  let lab: TestLab
  let browser: Browser
  let url: string
  beforeAll(async () => {
    lab = await testLab()
    const up = ['up', '--engine', 'embedded', '--port-offset', String(lab.offset)]
    expect(await lab.run(up)).toMatchObject({ code: 0 })
    const config = join(lab.dir, 'configs/prometheus.yml')
    await writeFile(
      config,
      (await readFile(config, 'utf8')).replaceAll(/scrape_(interval|timeout): \w+/g, 'scrape_$1: 1s'),
    )
    expect(await lab.run(['restart', 'prometheus'])).toMatchObject({ code: 0 })
    expect(await lab.run(['course', 'use', resolve('test/page/walk-course')])).toMatchObject({ code: 0 })
    url = JSON.parse((await lab.run(['open', '--json'])).stdout).url.replace(/\/$/, '')
    browser = await openBrowser(chromium!)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await lab?.close()
  })
  const file = () => join(lab.dir, '.otel-lab/walks.jsonl')
  /** The browser does not hand out the answer to what it sends with keepalive; what is kept tells. */
  const kept = async () => (await readFile(file(), 'utf8').catch(() => '')).split('\n').length - 1
  const check = () => lab.run(['exercise', '1', '--check', '--json'])
  const tell = async (step: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/walk`, { method: 'POST', headers, body: JSON.stringify(step) })
    return (await answer.json()) as { kept?: boolean; error?: unknown }
  }

  test('counts when it is made by clicks on this attempt’s data', async () => {
    // A walk along another run: real, and no evidence for the attempt.
    expect(await lab.run(['run', 'stress', '--run-id', 'before'])).toMatchObject({ code: 1 })
    const walk = async (run: string) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      await page.goto(`${url}/?run=${run}&metric=neuro_files_failed_total`)
      await page.waitForSelector('.dot-button:not([aria-label^="0 "])', { timeout: 60_000 })
      await page.focus('.dot-button')
      const before = await kept()
      await page.keyboard.press('Enter')
      await expect.poll(kept, { timeout: 30_000 }).toBe(before + 1)
      await page.waitForSelector('.rows[role=tree] .row')
      await page.locator('.band-logs .row.level-error').first().click()
      await expect.poll(kept, { timeout: 30_000 }).toBe(before + 2)
      await page.close()
    }
    await walk('before')

    const checking = check()
    let run = ''
    await expect
      .poll(
        async () => {
          const text = await readFile(join(lab.dir, '.otel-lab/runs.jsonl'), 'utf8')
          const runs = text.trim().split('\n')
          const found = runs.map((one) => JSON.parse(one)).find(({ name }) => name === 'attempt: stress')
          run = found?.id ?? ''
          return run
        },
        { timeout: 60_000 },
      )
      .not.toBe('')
    // What is not there is no step, whoever says so.
    expect(await tell({ run, step: 'dot', trace: 'ab'.repeat(16) })).toEqual({ kept: false })
    expect(await tell({ run: '"}', step: 'dot', trace: 'x' })).toHaveProperty('error')
    // Beside it the task, which says that it is judged, as long as the walk is waited for.
    const beside = await browser.newPage()
    await beside.goto(`${url}/?exercise=1`)
    await beside.waitForSelector('.exercise .overline:has-text("being judged: 0 of 1 checks")', { timeout: 30_000 })
    await walk(run)
    const { stdout, code } = await checking
    await beside.waitForSelector('.exercise .check.passed', { timeout: 30_000 })
    expect(code, stdout).toBe(0)
    const { verdict, results } = JSON.parse(stdout) as Said
    expect(verdict).toBe('passed')
    expect(results[0]!.seen).toMatch(/^from a dot to trace [0-9a-f]{8} to its line at /)
  }, 240_000)

  test('an edited step does not count, and nobody walking fails', async () => {
    const text = await readFile(file(), 'utf8')
    expect(text.trim().split('\n')).toHaveLength(4)
    const { openWalks } = await import('../../src/exercises.ts')
    const walks = openWalks({ file: file(), keysDir: join(lab.dir, '.otel-lab/keys') })
    expect(await walks.of('before')).toHaveLength(2)
    await writeFile(file(), text.replaceAll('"before"', '"rx"'))
    expect(await walks.of('rx')).toEqual([])
    const other = openWalks({ file: file(), keysDir: join(lab.dir, '.otel-lab/other-keys') })
    expect(await other.of('before')).toEqual([])
  })
})
