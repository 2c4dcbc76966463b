import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

/** The files that Node loads before a program of dist/ runs, with their sizes: imports that nobody waits to ask for. */
function loaded(entry: string, files = new Map<string, string>()): Map<string, string> {
  if (files.has(entry)) return files
  const text = readFileSync(entry, 'utf8')
  files.set(entry, text)
  for (const [, from] of text.matchAll(/^(?:import|export)\b[^'"]*["'](\.[^'"]+)["'];?$/gm)) {
    loaded(join(dirname(entry), from!), files)
  }
  return files
}

// Every command costs what all of them import at once: what is heavy is imported where it is used.
test.each([
  ['otel-lab.js', 700],
  ['commands.js', 1_100],
])('%s loads at most %d kB', (file, most) => {
  const files = loaded(resolve('dist', file))
  expect(files.size).toBeGreaterThan(3)
  const texts = [...files.values()]
  expect(Math.round(texts.join('').length / 1000)).toBeLessThan(most)
  expect(texts.filter((text) => /^\/\/ node_modules\/(re2js|yaml|undici|dockerode)\//m.test(text))).toEqual([])
})
