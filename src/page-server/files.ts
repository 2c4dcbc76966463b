import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Hono } from 'hono'
import { LabError } from '../errors.ts'
import { table } from '../util/table.ts'

const TYPES: Record<string, string> = table({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
})

/** Nothing from outside, nothing inline, nobody may frame it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The built page: read once, served by exact name, so that no path can leave the folder. */
export async function addFileRoutes(app: Hono, folder: string): Promise<void> {
  const names = await readdir(folder).catch((error) => {
    throw new LabError('not-built', `the page is not built: ${folder} is not there`, {
      hint: 'npm run build',
      cause: error,
    })
  })
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const name of names) files.set(name, new Uint8Array(await readFile(join(folder, name))))

  app.get('*', (c) => {
    const name = c.req.path.slice(1)
    const body = files.get(name)
    // Every other address is a state of the page, which is in its URL.
    const shown = body === undefined || name === '' ? 'index.html' : name
    if (body === undefined && extname(name) !== '') return c.notFound()
    const hashed = /-[A-Z0-9]{8}\./.test(shown)
    return c.body(files.get(shown)!, 200, {
      'content-type': TYPES[extname(shown)] ?? 'application/octet-stream',
      'cache-control': hashed ? 'max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  })
}
