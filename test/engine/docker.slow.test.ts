import { afterAll, beforeAll, describe } from 'vitest'
import { createDockerEngine } from '../../src/engine/docker.ts'
import { type TestDaemon, testDaemon } from '../support/docker/daemon.ts'
import { makeImages } from '../support/docker/images.ts'
import { cliCases } from './docker/cli.case.ts'
import { containerCases } from './docker/containers.case.ts'
import { imageCases } from './docker/images.case.ts'
import { engineCases } from './engine.case.ts'

const daemon = await testDaemon()
const missing = 'missing' in daemon ? daemon.missing : undefined
if (missing !== undefined) console.warn(`\nSKIPPED: the docker engine is not tested here: ${missing}\n`)

describe.skipIf(missing !== undefined)('the docker engine', { timeout: 180_000 }, () => {
  const { host, stop } = daemon as TestDaemon
  let images: Awaited<ReturnType<typeof makeImages>>
  beforeAll(async () => {
    images = await makeImages(host)
  }, 120_000)
  afterAll(() => stop())

  containerCases(() => host)
  imageCases(() => host)
  cliCases(
    () => host,
    () => images,
  )
  engineCases({
    kind: 'docker',
    create: (workspace, portOffset) =>
      createDockerEngine(workspace, {
        portOffset,
        images,
        project: `otel-lab-test-${portOffset}`,
        grafana: false,
        env: { ...process.env, DOCKER_HOST: host },
      }),
    differs: {
      'a service whose config is broken from the start does not take the others down':
        'a failed start takes down what it made: half a stack of containers would hold memory and ports',
    },
  })
})
