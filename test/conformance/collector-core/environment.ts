/** The environment of the collector's own tests of `${env:X}`; the suite holds inputs and outputs only. */
export const ENVIRONMENT: Record<string, string> = {
  COMPLEX_VALUE: '[localhost:3042]',
  HOST: 'localhost',
  TIMESTAMP: '2023-03-20T03:17:55.432328Z',
  OS: 'ubuntu',
  PR: 'amd',
  PORT: '3044',
  INT: '1',
  INT32: '32',
  INT64: '64',
  FLOAT32: '3.25',
  FLOAT64: '6.4',
  BOOL: 'true',
  ENV_VALUE: 'testreceiver',
}
