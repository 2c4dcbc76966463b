// Builds dist/ and oclif.manifest.json. One bundle with split chunks: what costs at start-up is loading
// files, not running them (measured: 140 ms unbundled, 107 ms bundled, for `--version`).
//   --keep-manifest  leaves the committed manifest as it is, so that the test sees when it is stale
import { existsSync } from 'node:fs'
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Plugin } from '@oclif/core'
import { build } from 'esbuild'
import { buildPage } from './esbuild.page.mjs'
import { buildSdk } from './esbuild.sdk.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))
const dist = join(root, 'dist')
// CommonJS packages inside an ES bundle still call require for Node's own modules.
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
}
const entries = {
  'otel-lab': 'src/main.ts',
  commands: 'src/commands.ts',
  'neuro-preprocess': 'src/neuro-preprocess/main.ts',
  'neuro-worker': 'src/neuro-preprocess/worker.ts',
  embedded: 'src/embedded.ts',
  'fault-relay': 'src/faults/relay-process.ts',
  'collector-replay': 'src/embedded/replay-process.ts',
}
if (!process.argv.includes('--keep-manifest')) await publish()
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  metafile: true,
  // What must stay files of its own (wasm); and compilers that oclif asks for when it finds them.
  external: ['@niivue/niimath', '@lydell/node-pty', 'typescript', 'ts-node', 'tsx'],
  // docker-modem loads ssh2 (5 MB, native parts, install scripts) whether one goes by ssh or not; ours goes by the
  // user's own ssh (engine/docker/daemon/ssh.ts).
  alias: { ssh2: './src/engine/docker/daemon/no-ssh2.cjs' },
  banner,
  logLevel: 'warning',
})
const page = await buildPage(root)
const sdk = await buildSdk(root, banner)
const all = [metafile, page, sdk]
// What an earlier build left; only now, so that the bins are never missing.
const fresh = new Set(all.flatMap(({ outputs }) => Object.keys(outputs)).map((file) => join(root, file)))
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name)
  if (entry.isFile() && !fresh.has(file)) await rm(file)
}
for (const bin of ['otel-lab', 'neuro-preprocess']) {
  const file = join(dist, `${bin}.js`)
  if (existsSync(file)) await chmod(file, 0o755)
}
await writeFile(
  join(dist, 'THIRD-PARTY-LICENSES.txt'),
  await licences(all.flatMap(({ inputs }) => Object.keys(inputs))),
)
if (!process.argv.includes('--keep-manifest')) await writeFile(join(root, 'oclif.manifest.json'), await manifest())

/** Schemas and digests that are made from our own sources (src/exercises/published.ts). */
async function publish() {
  const outfile = join(dist, 'published.mjs')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/exercises/published.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner,
    logLevel: 'warning',
  })
  const { publishedFiles } = await import(pathToFileURL(outfile).href)
  for (const [path, content] of Object.entries(await publishedFiles(root))) {
    const file = join(root, path)
    if (!existsSync(file) || (await readFile(file, 'utf8')) !== content) await writeFile(file, content)
  }
}

/** What `oclif manifest` would write; the `oclif` package itself is 20 MB of generators for this one call. */
async function manifest() {
  const options = { root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true }
  const plugin = new Plugin(options)
  await plugin.load()
  const commands = Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${JSON.stringify({ ...plugin.manifest, commands: Object.fromEntries(commands) }, undefined, 2)}\n`
}

/** The licence of each package that is in the bundle: what is handed on goes with its terms. */
async function licences(inputs) {
  const folders = inputs.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean)
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
    const file = (await readdir(join(root, folder))).find((entry) => /^licen[cs]e(\.|-|$)/i.test(entry))
    const text = file === undefined ? '' : await readFile(join(root, folder, file), 'utf8')
    return `${name} ${version} (${license ?? 'see below'})\n\n${text.trim()}\n`
  })
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`)
}
