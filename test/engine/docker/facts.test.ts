import { expect, test } from 'vitest'
import { addressOf } from '../../../src/engine/docker/facts.ts'
import { refuseUnreachable } from '../../../src/engine/docker/foreign.ts'
import type { DockerLab } from '../../../src/engine/docker/lab.ts'

test('ports of a daemon elsewhere are asked there', () => {
  expect(addressOf('unix:///var/run/docker.sock')).toEqual({ address: '127.0.0.1', near: true })
  expect(addressOf('npipe:////./pipe/docker_engine')).toEqual({ address: '127.0.0.1', near: true })
  expect(addressOf('tcp://localhost:2375')).toEqual({ address: '127.0.0.1', near: true })
  expect(addressOf('tcp://build.example:2376')).toEqual({ address: 'build.example', near: false })
  expect(addressOf('ssh://me@build.example')).toEqual({ address: 'build.example', near: false })
})

test('there, ports on its loopback are of no use, which is told before anything is pulled', () => {
  const lab = (host: string, hostIp: string) =>
    ({
      host,
      facts: addressOf(host),
      project: { file: { services: { tempo: { ports: [{ hostIp, published: 3200 }] } } } },
    }) as unknown as DockerLab
  expect(() => refuseUnreachable(lab('ssh://me@build.example', '127.0.0.1'))).toThrowError(
    expect.objectContaining({
      code: 'daemon-elsewhere',
      message: expect.stringContaining('ssh://me@build.example is on another machine'),
      hint: expect.stringContaining('OTEL_LAB_BIND='),
    }),
  )
  refuseUnreachable(lab('ssh://me@build.example', '10.0.0.5'))
  refuseUnreachable(lab('tcp://127.0.0.1:2375', '127.0.0.1'))
})
