import { Hono } from 'hono'
import type { Build, Component } from '../component.ts'
import { page } from '../listen.ts'

/** The in-process debug pages. Ours has the one that tells most: what runs, and since when. */
export function createZpages({ config, network, telemetry }: Build): Component {
  const app = new Hono()
  const since = new Date().toISOString()
  const html = (title: string, body: string) =>
    `<!doctype html><title>${title}</title><h1>${title}</h1><pre>${body.replace(/[&<]/g, (c) => `&#${c.charCodeAt(0)};`)}</pre>`
  app.get('/debug/servicez', (c) =>
    c.html(html('otelcol-contrib (embedded)', `started ${since}\n\n${telemetry.page()}`)),
  )
  return page(network, config.settings.endpoint, app)
}
