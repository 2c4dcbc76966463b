import { Hono } from 'hono'
import type { Network } from '../network.ts'
import type { Component } from './component.ts'
import { page } from './listen.ts'
import type { Telemetry } from './telemetry.ts'

/** The page of the collector's own metrics (service::telemetry::metrics::readers). */
export function serveTelemetry(telemetry: Telemetry, port: number, network: Network, index: number): Component {
  const app = new Hono()
  app.get('/metrics', (c) =>
    c.text(telemetry.page(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  return page(network, `reader-${index}:${port}`, app)
}
