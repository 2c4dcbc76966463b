import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

test('the page is small, and asks for nothing from outside', async () => {
  const { budget } = (await import('../../esbuild.page.mjs' as string)) as { budget: Record<string, number> }
  const sizes = JSON.parse(await readFile('dist/page/sizes.json', 'utf8')) as Record<string, number>
  for (const [part, most] of Object.entries(budget)) expect([part, sizes[part]! <= most]).toEqual([part, true])
  const html = await readFile('dist/page/index.html', 'utf8')
  const asked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!)
  expect(asked.length).toBeGreaterThan(2)
  expect(asked.filter((url) => !/^(\/[\w-]+\.(js|css)|data:)/.test(url))).toEqual([])
})
