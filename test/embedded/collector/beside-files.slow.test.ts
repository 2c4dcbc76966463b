import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type FileResult, fileCases, fileResult, filesConfig, throughFiles } from '../../support/beside/files.ts'
import { startOurs } from '../../support/own-collector.ts'
import { readRecorded } from '../../support/recorded.ts'

// Recorded by test/differential/components.mjs, which also tells what differs where this fails.
const { version, results } = readRecorded<FileResult>('test/embedded/collector/beside-files.jsonl')
const cases = fileCases()

const reached = (key: 'half' | 'count') => (counts: number[]) =>
  counts.every((count, i) => count >= results[cases[i]!.name]![key])

test(`a thousand lines become what they become in Collector ${version}, by ${cases.length} settings`, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'beside-files-'))
  const { half, records } = await throughFiles(
    cases,
    { inputs: join(dir, 'files/logs'), outputs: join(dir, 'files/out') },
    () => startOurs(filesConfig(cases, '/logs', '/out'), dir),
    { half: reached('half'), all: reached('count') },
  )
  await rm(dir, { recursive: true, force: true })
  for (const [i, { name }] of cases.entries()) expect(fileResult(half[i]!, records[i]!), name).toEqual(results[name])
}, 120_000)
