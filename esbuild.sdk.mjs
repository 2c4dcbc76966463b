// The OpenTelemetry SDK for learners' programs: dist/sdk/@opentelemetry/<name>, one folder a package, with what they
// share in dist/sdk/chunks. A lab's node_modules links to it (src/workspace/sdk-link.ts), so that a program in app/
// can import it where nobody has run npm and there is no internet. Not minified: who debugs into it can read it.
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

/** What can be imported, by its name below @opentelemetry/. */
const PACKAGES = [
  'api',
  'api-logs',
  'auto-instrumentations-node/register',
  'context-async-hooks',
  'core',
  ...['grpc', 'http', 'proto'].flatMap((how) =>
    ['trace', 'metrics', 'logs'].map((signal) => `exporter-${signal}-otlp-${how}`),
  ),
  'instrumentation',
  'instrumentation-http',
  'instrumentation-undici',
  'propagator-b3',
  'resources',
  'sdk-logs',
  'sdk-metrics',
  'sdk-node',
  'sdk-trace',
  'sdk-trace-base',
  'sdk-trace-node',
  'semantic-conventions',
  'semantic-conventions/incubating',
]
const SCOPE = '@opentelemetry/'

/** Returns esbuild's metafile, with each package.json among its outputs. */
export async function buildSdk(root, banner) {
  // One version of each, whatever else this project uses: what sdk-node was released with.
  const fromSdk = createRequire(createRequire(join(root, 'package.json')).resolve('@opentelemetry/sdk-node'))
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: PACKAGES.map((name) => ({
      in: name.startsWith('auto-') ? 'src/sdk/register.ts' : `sdk:${name}`,
      out: `@opentelemetry/${name.includes('/') ? name : `${name}/index`}`,
    })),
    outdir: 'dist/sdk',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    metafile: true,
    banner,
    logLevel: 'warning',
    plugins: [onePackageEach(root, fromSdk)],
  })
  const names = [...new Set(PACKAGES.map((name) => name.split('/')[0]))]
  for (const name of names) {
    const file = join('dist', 'sdk', '@opentelemetry', name, 'package.json')
    await writeFile(join(root, file), `${JSON.stringify(await described(name, fromSdk), undefined, 2)}\n`)
    metafile.outputs[file] = {}
  }
  return metafile
}

function onePackageEach(root, fromSdk) {
  return {
    name: 'one-package-each',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^sdk:/ }, ({ path }) => ({ path: path.slice(4), namespace: 'sdk' }))
      // A CommonJS package has no names to export until it was loaded.
      onLoad({ filter: /.*/, namespace: 'sdk' }, ({ path }) => {
        const name = `${SCOPE}${path}`
        const own = Object.keys(fromSdk(name)).filter((key) => key !== 'default' && key !== '__esModule')
        return { contents: `export { ${own.join(', ')} } from '${name}'`, resolveDir: root }
      })
      onResolve({ filter: /^@opentelemetry\// }, ({ path, kind, pluginData }) =>
        pluginData === 'resolved'
          ? undefined
          : resolve(path, { kind, resolveDir: dirname(fromSdk.resolve(`${SCOPE}sdk-node`)), pluginData: 'resolved' }),
      )
    },
  }
}

async function described(name, fromSdk) {
  const paths = PACKAGES.filter((path) => path.split('/')[0] === name)
  const exports = Object.fromEntries(
    paths.map((path) => {
      const sub = path.slice(name.length + 1)
      return [sub === '' ? '.' : `./${sub}`, `./${sub === '' ? 'index' : sub}.js`]
    }),
  )
  const known = name.startsWith('auto-')
    ? { version: '0.0.0-otel-lab', description: "otel-lab's cut of the package: http and fetch", license: 'Apache-2.0' }
    : JSON.parse(await readFile(packageFile(name, fromSdk), 'utf8'))
  const { version, description, license } = known
  return { name: `${SCOPE}${name}`, version, description, license, type: 'module', exports }
}

function packageFile(name, fromSdk) {
  let dir = dirname(fromSdk.resolve(`${SCOPE}${name}`))
  while (!dir.endsWith(join('@opentelemetry', name))) dir = dirname(dir)
  return join(dir, 'package.json')
}
