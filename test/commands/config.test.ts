import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { captureOutput } from '@oclif/test'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigDiff } from '../../src/commands/config/diff.ts'
import { ConfigMigrate } from '../../src/commands/config/migrate.ts'
import { ConfigPatch } from '../../src/commands/config/patch.ts'
import { ConfigReset } from '../../src/commands/config/reset.ts'
import { ConfigShow } from '../../src/commands/config/show.ts'
import { ConfigValidate } from '../../src/commands/config/validate.ts'
import { findWorkspace, type Workspace } from '../../src/workspace.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const saved = process.env.OTEL_LAB_DIR
let dir: string
let workspace: Workspace
let path: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'otel-lab-config-'))
  process.env.OTEL_LAB_DIR = dir
  workspace = await findWorkspace({ create: true })
  path = workspace.configPath('otel-collector-config.yaml')
})

afterEach(async () => {
  if (saved === undefined) delete process.env.OTEL_LAB_DIR
  else process.env.OTEL_LAB_DIR = saved
  process.exitCode = undefined
  await rm(dir, { recursive: true, force: true })
})

interface Runnable {
  run(argv: string[], root: string): Promise<unknown>
}

async function run(command: unknown, ...argv: string[]) {
  process.exitCode = undefined
  const { stdout, stderr, result } = await captureOutput<Record<string, unknown>>(
    () => (command as Runnable).run(argv, root) as Promise<Record<string, unknown>>,
  )
  const exit = process.exitCode ?? 0
  process.exitCode = undefined
  return { stdout, stderr, result, exit }
}

describe('config patch', () => {
  it('shows, checks, writes and keeps the old text', async () => {
    const before = await readFile(path, 'utf8')
    const dry = await run(ConfigPatch, '--add-debug-exporter', '--dry-run')
    expect(dry.stdout).toContain('+      exporters: [otlp_grpc/tempo, debug]')
    expect(await readFile(path, 'utf8')).toBe(before)

    const { result, exit } = await run(ConfigPatch, '--add-debug-exporter', '--yes')
    expect(exit).toBe(0)
    expect(result).toMatchObject({ changed: true, applied: true, restarted: false })
    expect(await readFile(path, 'utf8')).toContain('  debug:\n    verbosity: detailed\n')
    expect(await readFile(String(result!.backup), 'utf8')).toBe(before)
    expect((await run(ConfigPatch, '--add-debug-exporter')).stdout).toContain('so already')
  })

  it('writes nothing that the collector would refuse', async () => {
    const before = await readFile(path, 'utf8')
    const { stdout, stderr, exit } = await run(ConfigPatch, '--add', 'service.pipelines.traces.exporters=nope')
    expect(exit).toBe(1)
    expect(stdout).toContain('references exporter "nope" which is not configured')
    expect(stderr).toContain('stays as it is')
    expect(await readFile(path, 'utf8')).toBe(before)
    expect((await run(ConfigPatch, '--set', 'exporter.debug.verbosity=basic')).stderr).toContain(
      'did you mean exporters?',
    )
    expect((await run(ConfigPatch)).exit).toBe(2)
  })

  it('says which verbosity gives way, and takes a file of another service', async () => {
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('exporters:\n', 'exporters:\n  debug:\n    verbosity: basic # quiet\n'))
    const { stdout } = await run(ConfigPatch, '--add-debug-exporter', '--yes')
    expect(stdout).toContain('exporters.debug.verbosity was basic and becomes detailed')
    expect(await readFile(path, 'utf8')).toContain('    verbosity: detailed # quiet\n')

    const other = await run(ConfigPatch, 'prometheus', '--set', 'global.scrape_interval=5s', '--yes')
    expect(other.exit).toBe(0)
    expect(await readFile(workspace.configPath('prometheus.yml'), 'utf8')).toContain('scrape_interval: 5s')
    expect((await run(ConfigPatch, 'prometheus', '--add-debug-exporter')).exit).toBe(2)
  })

  it('leaves alone what is no UTF-8', async () => {
    await writeFile(path, Buffer.from([0xff, 0xfe, 0x61, 0x00]))
    const { stderr, exit } = await run(ConfigPatch, '--add-debug-exporter', '--yes')
    expect(exit).toBe(1)
    expect(stderr).toContain('is not UTF-8 text')
    expect((await readFile(path)).length).toBe(4)
  })
})

it('config validate points at the line and ends with 1', async () => {
  expect((await run(ConfigValidate)).stdout).toContain('is valid')
  await writeFile(path, (await readFile(path, 'utf8')).replace('  prometheus: #', '  logging: #'))
  const { stdout, result, exit } = await run(ConfigValidate)
  expect(exit).toBe(1)
  expect(stdout).toMatch(/otel-collector-config\.yaml:\d+:3 {2}'exporters' the logging exporter has been deprecated/)
  expect(stdout).toMatch(
    /\d+ \| {3}logging: # metrics.*\n {6}\| {3}\^\n {2}→ the logging exporter was removed in 0\.111\.0/,
  )
  expect(result).toMatchObject({ valid: false })

  const other = join(dir, 'other.yaml')
  await writeFile(other, 'receivers:\n\totlp:\n')
  expect((await run(ConfigValidate, other)).stdout).toContain('yaml: line 2')
  expect((await run(ConfigValidate, join(dir, 'none.yaml'))).stderr).toContain('there is no such file')
})

it('config show, diff, migrate and reset lose nothing of the learner', async () => {
  expect((await run(ConfigShow, 'prometheus')).stdout).toContain('scrape_configs')
  expect((await run(ConfigDiff)).stdout).toContain('nothing changed')

  const original = await readFile(path, 'utf8')
  const old = original.replaceAll('otlp_grpc/tempo', 'otlp/tempo')
  await writeFile(path, old)
  const diff = await run(ConfigDiff, 'collector')
  expect(diff.stdout).toContain('-  otlp_grpc/tempo: # traces: OTLP over gRPC\n+  otlp/tempo: # traces: OTLP over gRPC')

  const migrated = await run(ConfigMigrate, '--yes')
  expect(migrated.stdout).toContain('since 0.144.0')
  expect(await readFile(path, 'utf8')).toBe(original)

  await writeFile(path, '# all mine\n')
  const reset = await run(ConfigReset, '--yes')
  expect(reset.stdout).toContain('is as it came')
  expect(await readFile(path, 'utf8')).toBe(original)
  const kept = await readdir(workspace.statePath('backups'))
  expect(await readFile(workspace.statePath('backups', kept.sort().at(-1)!), 'utf8')).toBe('# all mine\n')
  expect(kept).toHaveLength(2)
})

it('config migrate FILE prints the lifted text and leaves the lab alone', async () => {
  const file = join(dir, 'old.yaml')
  await writeFile(file, 'exporters:\n  logging:\n    loglevel: debug\n')
  const { stdout, stderr } = await run(ConfigMigrate, file)
  expect(stdout).toBe('exporters:\n  debug:\n    verbosity: detailed\n')
  expect(stderr).toContain('since 0.111.0')
})
