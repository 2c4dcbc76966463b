import { Hono } from 'hono'
import { QueryError } from '../../../errors.ts'
import { HttpRefusal } from '../../http.ts'
import { addDetectedRoutes } from './detected.ts'
import { addMetadataRoutes } from './metadata.ts'
import type { AppParts } from './parts.ts'
import { addPushRoutes, type PushParts } from './push.ts'
import { addQueryRoutes } from './query.ts'
import { addStatusRoutes } from './status.ts'
import { addTailRoutes } from './tail.ts'
import { addVolumeRoutes } from './volume.ts'

/** Loki's HTTP API on 3100. Errors are plain text, as Loki writes them. */
export function lokiApp(parts: AppParts, push: PushParts): Hono {
  const app = new Hono()
  app.onError((error, c) => {
    if (error instanceof HttpRefusal) return c.text(error.message, error.status as 400)
    // The message names line and column, as Loki's does.
    if (error instanceof QueryError) return c.text(error.message, 400)
    parts.log('error', 'request failed', { path: c.req.path, err: error.stack ?? error.message })
    return c.text(error.message, 500)
  })
  addPushRoutes(app, push)
  addQueryRoutes(app, parts)
  addMetadataRoutes(app, parts)
  addVolumeRoutes(app, parts)
  addDetectedRoutes(app, parts)
  addTailRoutes(app, parts)
  addStatusRoutes(app, parts)
  app.notFound((c) => c.text('404 page not found\n', 404))
  return app
}
