import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const run = promisify(execFile)
const MOST_PACKAGES = 60
const MOST_BYTES = 30 * 2 ** 20

const dir = await mkdtemp(join(tmpdir(), 'otel-lab-package-'))
afterAll(() => rm(dir, { recursive: true, force: true }))

test('the package: few files, no install scripts, the licences of what is bundled, and it runs', async () => {
  const prefix = join(dir, 'prefix')
  await mkdir(prefix)
  const packed = await run('npm', ['pack', '--json', '--pack-destination', dir])
  const [{ filename }] = JSON.parse(packed.stdout)
  const options = ['--no-audit', '--no-fund', '--prefix', prefix]
  const { stdout, stderr } = await run('npm', ['install', '--global', ...options, join(dir, filename)])
  expect(stdout + stderr).not.toMatch(/install-scripts|deprecated/)

  const files = (await readdir(prefix, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  const packages = files.filter(
    ({ name, parentPath }) => name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/]+$/.test(parentPath),
  )
  const sizes = await Promise.all(files.map(async ({ name, parentPath }) => (await stat(join(parentPath, name))).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  console.log(`the package: ${packages.length} packages, ${(bytes / 2 ** 20).toFixed(1)} MB`)
  expect(packages.length).toBeLessThanOrEqual(MOST_PACKAGES)
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES)

  const installed = join(prefix, 'lib', 'node_modules', 'otel-lab')
  const licences = await readFile(join(installed, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8')
  expect(licences).toMatch(/^dockerode .*Apache-2\.0/m)
  const version = await run(join(prefix, 'bin', 'otel-lab'), ['--version'])
  expect(version.stdout).toMatch(/^otel-lab\//)
  const program = await run(join(prefix, 'bin', 'neuro-preprocess'), ['--help'])
  expect(program.stdout).toContain('neuro-preprocess')
}, 120_000)
