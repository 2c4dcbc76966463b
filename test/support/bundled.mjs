// Runs TypeScript programs of the tests outside vitest, each in a process of its own.
import { spawnSync } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'

/** Bundles and runs `files` one after the other with the same arguments; true when all of them ended with 0. */
export async function runBundled(files, args, nodeOptions = []) {
  // Inside node_modules, so that the bundles find the packages they leave out.
  const out = resolve('node_modules/.cache/otel-lab', String(process.pid))
  await mkdir(out, { recursive: true })
  try {
    await build({
      entryPoints: files,
      outdir: out,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
    })
    let ok = true
    for (const file of files) {
      const name = basename(file, '.ts')
      console.log(`\n# ${name}`)
      const { status } = spawnSync(process.execPath, [...nodeOptions, join(out, `${name}.mjs`), ...args], {
        stdio: 'inherit',
      })
      ok &&= status === 0
    }
    return ok
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}
