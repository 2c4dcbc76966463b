// The browser's half: src/page/ into dist/page, every file with its hash in its name, and how much of it is loaded
// when. `budget` is what issue and test hold it to: all that the first view asks for, its chart included, and the query
// editor.

import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export const budget = { first: 45_000, editor: 140_000 }

const common = (root) => ({
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
})

/** Returns esbuild's metafile, with index.html and sizes.json among its outputs. */
export async function buildPage(root) {
  const { metafile } = await build({
    ...common(root),
    entryPoints: { main: 'src/page/main.tsx' },
    outdir: 'dist/page',
    splitting: true,
    format: 'esm',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    metafile: true,
  })
  const outputs = Object.keys(metafile.outputs)
  const script = outputs.find((file) => metafile.outputs[file].entryPoint === 'src/page/main.tsx')
  const style = metafile.outputs[script].cssBundle
  const statics = [...loadedBy(metafile, script)]
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<title>otel-lab</title>',
    `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">`,
    `<link rel="stylesheet" href="/${basename(style)}">`,
    ...statics.filter((file) => file !== script).map((file) => `<link rel="modulepreload" href="/${basename(file)}">`),
    `<script type="module" src="/${basename(script)}"></script>`,
    '<div id="app"></div>',
    '<noscript>This page needs JavaScript. In the terminal: otel-lab --help</noscript>',
    '',
  ].join('\n')
  const page = join(root, 'dist', 'page')
  await mkdir(page, { recursive: true })
  await writeFile(join(page, 'index.html'), html)

  await buildFile(root)

  const sizeOf = async (file) => gzipSync(await readFile(join(root, file)), { level: 9 }).length
  const sum = async (files) => (await Promise.all([...files].map(sizeOf))).reduce((a, b) => a + b, 0)
  const first = new Set([...statics, style, 'dist/page/index.html'])
  const editor = outputs.find((file) => metafile.outputs[file].entryPoint === 'src/page/editor/edit.tsx')
  // With all three grammars, though each comes when its language is first written.
  const grammars = metafile.outputs[editor].imports.filter(({ kind }) => kind === 'dynamic-import')
  const editorFiles = [editor, ...grammars.map(({ path }) => path)]
    .flatMap((file) => [...loadedBy(metafile, file)])
    .filter((file, i, all) => !statics.includes(file) && all.indexOf(file) === i)
  const sizes = { first: await sum(first), editor: await sum(editorFiles) }
  await writeFile(join(page, 'sizes.json'), `${JSON.stringify(sizes)}\n`)
  for (const file of ['page/index.html', 'page/sizes.json', 'page-file.html']) metafile.outputs[`dist/${file}`] = {}
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`
  console.log(
    `page, gzipped: first paint ${kB(sizes.first)} of ${kB(budget.first)}; editor ${kB(sizes.editor)} of ${kB(budget.editor)}`,
  )
  return metafile
}

/** dist/page-file.html: the same components in one file, for data that `util/page-file.ts` puts into it. */
async function buildFile(root) {
  const { outputFiles } = await build({
    ...common(root),
    entryPoints: { file: 'src/page/file/main.tsx' },
    outdir: 'dist/page',
    format: 'iife',
    write: false,
  })
  const [script, style] = ['.js', '.css'].map((end) => outputFiles.find(({ path }) => path.endsWith(end)).text.trim())
  const hash = createHash('sha256').update(script).digest('base64')
  const html = [
    '<!doctype html>',
    '<html lang="en" class="in-file">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    // It may be a stranger's file: nothing runs but what the build wrote, and nothing is loaded.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'">`,
    '<title>{{title}}</title>',
    `<style>${style}</style>`,
    '<div id="app"></div>',
    '<noscript>This page draws itself with JavaScript; what it shows is below as JSON.</noscript>',
    '<script type="application/json" id="{{id}}">{{data}}</script>',
    `<script>${script}</script>`,
    '</html>',
    '',
  ].join('\n')
  await writeFile(join(root, 'dist', 'page-file.html'), html)
  console.log(`page in a file: ${(html.length / 1000).toFixed(1)} kB and its data`)
}

/** A file and what it imports at once. */
function loadedBy(metafile, file, seen = new Set()) {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const { path, kind } of metafile.outputs[file].imports) {
    if (kind === 'import-statement') loadedBy(metafile, path, seen)
  }
  return seen
}

/** Three bands on one axis, and the dot. */
const ICON = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#2f4fd0"/>',
  '<path d="M3 5l3-1.5L9 6l4-2" stroke="#fff" fill="none"/><circle cx="9" cy="6" r="1.3" fill="#fff"/>',
  '<path d="M3 9h6M6 11h5M3 13h9" stroke="#fff" opacity=".75"/></svg>',
].join('')
