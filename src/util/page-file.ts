import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from './package-root.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const html = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!)
/** Nothing in it may end the script element. */
const json = (data: unknown) => JSON.stringify(data).replaceAll('<', '\\u003c')

/** One HTML file that needs nothing else: the page's own components, and what they are to show. */
export async function pageFile({ title, id, data }: { title: string; id: string; data: unknown }): Promise<string> {
  const template = await readFile(join(packageRoot(), 'dist', 'page-file.html'), 'utf8')
  const parts: Record<string, string> = { title: html(title), id, data: json(data) }
  return template.replaceAll(/\{\{(title|id|data)\}\}/g, (_, name: string) => parts[name]!)
}
