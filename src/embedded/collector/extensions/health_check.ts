import { Hono } from 'hono'
import { formatDuration } from '../../../util/duration.ts'
import type { Build, Component } from '../component.ts'
import { page } from '../listen.ts'

/** Answers whether the collector is up. It stops being bound before the pipelines stop. */
export function createHealthCheck({ config, network }: Build): Component {
  const app = new Hono()
  const since = new Date()
  app.get(config.settings.path || '/', (c) =>
    c.json({
      status: 'Server available',
      upSince: since.toISOString(),
      uptime: formatDuration(Date.now() - since.getTime()),
    }),
  )
  return page(network, config.settings.endpoint, app)
}
