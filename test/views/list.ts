import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findWorkspace } from '../../src/workspace.ts'
import type { TestLab } from '../support/lab.ts'

/** One thing that somebody sees: a command in a state of the lab. */
export interface View {
  /** Its file, `NN-name.txt`. */
  name: string
  args: string[]
  /** Lines that are somebody else's, given as they are: a file, a program's output. */
  asIs?: boolean
  /** Takes its time; looked at in the narrowest terminal, and in the others when views are written. */
  long?: true
  /** Changes what it shows: one width after the other, each from the state that `before` brings about. */
  changes?: true
  /** Brings the lab into the state; a list that it returns goes behind `args`. */
  before?: (lab: TestLab) => Promise<unknown>
}

const CONFIG = 'configs/otel-collector-config.yaml'

async function edit(lab: TestLab, file: string, how: (text: string) => string): Promise<void> {
  const path = join(lab.dir, file)
  await writeFile(path, how(await readFile(path, 'utf8')))
}

const OLD = `receivers:
  otlp:
    protocols:
      grpc:
exporters:
  logging:
    loglevel: debug
  loki:
    endpoint: http://$LOKI_HOST:3100/loki/api/v1/push
  otlp:
    endpoint: tempo:4317
    tls:
      insecure: true
service:
  telemetry:
    metrics:
      address: $HOST:8888
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [logging, otlp]
    logs:
      receivers: [otlp]
      exporters: [loki]
`

/** Before there is a lab. */
const WITHOUT: View[] = [
  { name: 'status-no-lab', args: ['status'] },
  { name: 'doctor-no-lab', args: ['doctor'] },
  { name: 'exercise-list-no-lab', args: ['exercise'] },
  { name: 'exercise-check-no-lab', args: ['exercise', '1', '--check'] },
  { name: 'unknown-command', args: ['statsu'] },
  { name: 'unknown-flag', args: ['up', '--fast'] },
  { name: 'unknown-exercise', args: ['exercise', '9'] },
  { name: 'lesson', args: ['lesson'] },
  { name: 'quiz', args: ['quiz', '--seed', '1'] },
  { name: 'quiz-answered', args: ['quiz', '--seed', '1', '--answers', 'a,b,a,c,a,b,a,a'] },
  { name: 'images', args: ['images'] },
]

const RUNNING: View[] = [
  {
    name: 'up',
    args: ['up', '--port-offset'],
    changes: true,
    before: async (lab) => {
      await lab.run(['down'])
      // A lab in which Prometheus does not let us wait.
      await findWorkspace({ cwd: lab.dir, create: true, env: {} })
      await edit(lab, 'configs/prometheus.yml', (text) => text.replace('15s', '1s').replace('10s', '1s'))
      return [String(lab.offset)]
    },
  },
  { name: 'tour', args: ['tour', '--yes'], long: true, changes: true },
  { name: 'up-again', args: ['up'] },
  { name: 'status', args: ['status'] },
  { name: 'doctor', args: ['doctor'], long: true },
  { name: 'storage', args: ['storage'] },
  { name: 'run', args: ['run'] },
  { name: 'run-stress', args: ['run', 'stress'], long: true },
  { name: 'run-own-program', args: ['run', '--', 'node', '-e', 'console.log("a program of one’s own")'] },
  { name: 'run-no-such-program', args: ['run', '--', 'no-such-program-here'] },
  { name: 'trace-list', args: ['trace'] },
  { name: 'trace-latest', args: ['trace', 'latest'] },
  { name: 'trace-attributes', args: ['trace', 'latest', '--attributes'] },
  {
    name: 'trace-failed',
    args: ['trace'],
    before: async (lab) => {
      const found = await lab.run(['query', 'tempo', '{status=error}', '--json'])
      return [/[0-9a-f]{32}/.exec(found.stdout)?.[0] ?? 'latest']
    },
  },
  { name: 'trace-unknown', args: ['trace', '0123456789abcdef0123456789abcdef', '--wait', '0'] },
  { name: 'query-tempo', args: ['query', 'tempo', '{status=error}'] },
  { name: 'query-tempo-metrics', args: ['query', 'tempo', '{} | rate() by (name)'] },
  { name: 'query-tempo-empty', args: ['query', 'tempo', '{name="no such span"}'] },
  { name: 'query-tempo-wrong', args: ['query', 'tempo', '{name=skull_strip}'] },
  { name: 'query-prometheus', args: ['query', 'prometheus', 'neuro_files_failed_total'] },
  { name: 'query-prometheus-range', args: ['query', 'prometheus', 'up', '--since', '2m'] },
  { name: 'query-prometheus-exemplars', args: ['query', 'prometheus', '--exemplars', 'neuro_files_failed_total'] },
  { name: 'query-prometheus-empty', args: ['query', 'prometheus', 'neuro_files_faild_total'] },
  { name: 'query-prometheus-wrong', args: ['query', 'prometheus', 'rate(neuro_files_failed_total)'] },
  { name: 'query-loki', args: ['query', 'loki', '{service_name="neuro-preprocess"} | detected_level="error"'] },
  {
    name: 'query-loki-metric',
    args: ['query', 'loki', 'sum by (detected_level) (count_over_time({service_name=~".+"}[5m]))'],
  },
  { name: 'query-loki-empty', args: ['query', 'loki', '{level="ERROR"}'] },
  { name: 'query-loki-wrong', args: ['query', 'loki', '{service_name="x"'] },
  { name: 'logs', args: ['logs', 'otel-collector', '--tail', '5'], asIs: true },
  { name: 'logs-unknown-service', args: ['logs', 'grafana'] },
  { name: 'flow', args: ['flow', '--payload'], long: true },
  { name: 'topology', args: ['topology'] },
  { name: 'correlate', args: ['correlate', '--run', 'slow'], long: true },
  { name: 'latency', args: ['latency', '--runs', '2', '--warmup', '0'], long: true },
  { name: 'latency-probes', args: ['latency', '--tap', '--runs', '12'], long: true },
  { name: 'latency-what-if', args: ['latency', '--set', 'batch.timeout=200ms', '--runs', '5'], long: true },
  { name: 'latency-wrong', args: ['latency', '--set', 'nonsense=1'] },
  { name: 'restart', args: ['restart', 'otel-collector'], long: true, changes: true },
  { name: 'open-wrong', args: ['open', 'nothing-like-this'] },
]

const CONFIGS: View[] = [
  { name: 'config-show', args: ['config', 'show'], asIs: true },
  { name: 'config-diff-none', args: ['config', 'diff'] },
  { name: 'config-validate', args: ['config', 'validate'] },
  { name: 'config-patch-dry-run', args: ['config', 'patch', '--add-debug-exporter', '--dry-run'] },
  {
    name: 'config-patch',
    args: ['config', 'patch', '--set', 'processors.batch.timeout=500ms'],
    changes: true,
    before: (lab) => lab.run(['config', 'patch', '--set', 'processors.batch.timeout=1s', '--yes']),
  },
  { name: 'config-patch-again', args: ['config', 'patch', '--set', 'processors.batch.timeout=500ms'] },
  { name: 'config-patch-unknown', args: ['config', 'patch', '--set', 'procesors.batch.timeout=500ms'] },
  { name: 'config-patch-refused', args: ['config', 'patch', '--set', 'processors.batch.timout=500ms'] },
  { name: 'config-diff', args: ['config', 'diff'] },
  {
    name: 'config-try',
    args: ['config', 'try', '--set', 'processors.resource.attributes=[{key: team, value: mri, action: insert}]'],
    long: true,
    changes: true,
  },
  {
    name: 'config-migrate',
    args: ['config', 'migrate', 'old.yaml'],
    asIs: true,
    before: async (lab) => writeFile(join(lab.dir, 'old.yaml'), OLD),
  },
  {
    name: 'config-migrate-written',
    args: ['config', 'migrate', 'old.yaml', '--yes'],
    asIs: true,
    changes: true,
    before: async (lab) => writeFile(join(lab.dir, 'old.yaml'), OLD),
  },
  { name: 'config-migrate-again', args: ['config', 'migrate', 'old.yaml'], asIs: true },
  {
    name: 'status-drifted',
    args: ['status'],
    before: (lab) => edit(lab, CONFIG, (text) => text.replace('send_batch_size: 1024', 'send_batch_size: 512')),
  },
  { name: 'config-diff-running', args: ['config', 'diff', '--running'] },
  { name: 'doctor-drifted', args: ['doctor'], long: true },
  {
    name: 'config-invalid',
    args: ['config', 'validate'],
    before: (lab) => edit(lab, CONFIG, (text) => text.replace('otlp_grpc/tempo:', 'otlp_grcp/tempo:')),
  },
  { name: 'restart-refused', args: ['restart', 'otel-collector'] },
  {
    name: 'config-reset',
    args: ['config', 'reset', '--yes'],
    changes: true,
    before: (lab) => edit(lab, CONFIG, (text) => text.replace('limit_mib: 400', 'limit_mib: 300')),
  },
]

const EXERCISES: View[] = [
  { name: 'exercise-list', args: ['exercise'] },
  { name: 'exercise-1', args: ['exercise', '1', '--no-watch'] },
  { name: 'exercise-2', args: ['exercise', '2', '--no-watch'] },
  { name: 'exercise-3', args: ['exercise', '3', '--no-watch'] },
  { name: 'exercise-1-check-failed', args: ['exercise', '1', '--check'], long: true },
  { name: 'exercise-1-hint', args: ['exercise', '1', '--hint'] },
  {
    name: 'exercise-1-apply',
    args: ['exercise', '1', '--apply'],
    long: true,
    changes: true,
    before: (lab) => lab.run(['config', 'reset', '--yes']),
  },
  { name: 'exercise-1-check-passed', args: ['exercise', '1', '--check'], long: true },
  { name: 'exercise-2-check', args: ['exercise', '2', '--check'], long: true },
  {
    name: 'exercise-2-wrong-answer',
    args: ['exercise', '2', '--answer', 'app=15s', '--answer', 'delay=0s'],
    long: true,
  },
  { name: 'exercise-3-check', args: ['exercise', '3', '--check'], long: true },
  {
    name: 'exercise-3-wrong-answer',
    args: ['exercise', '3', '--answer', 'file=sub-999', '--answer', 'reason=it failed'],
    long: true,
  },
  { name: 'exercise-3-solution', args: ['exercise', '3', '--solution'] },
  { name: 'exercise-list-after', args: ['exercise'] },
  { name: 'report', args: ['report'], long: true },
  { name: 'exercise-1-reset', args: ['exercise', '1', '--reset'], changes: true },
]

const INCIDENTS: View[] = [
  { name: 'incident-none', args: ['incident', 'status'] },
  {
    name: 'incident-start',
    args: ['incident', 'start', '--seed', '3'],
    long: true,
    changes: true,
    before: (lab) => lab.run(['incident', 'give-up']),
  },
  { name: 'incident-status', args: ['incident', 'status'], long: true },
  { name: 'incident-answer-wrong', args: ['incident', 'answer', 'nothing'], long: true, changes: true },
  { name: 'incident-check', args: ['incident', 'check'], long: true },
  {
    name: 'incident-give-up',
    args: ['incident', 'give-up'],
    long: true,
    changes: true,
    before: (lab) => lab.run(['incident', 'start', '--seed', '3']),
  },
]

/** What a lab says in which something is broken. */
const BROKEN: View[] = [
  {
    name: 'run-lost',
    args: ['doctor', 'latest'],
    long: true,
    before: async (lab) => {
      await lab.run(['config', 'patch', '--set', 'exporters.otlp_grpc/tempo.endpoint=tempo:4399', '--yes'])
      await lab.run(['run'])
    },
  },
  { name: 'trace-lost', args: ['trace', 'latest', '--wait', '3s'], long: true },
  { name: 'doctor-broken', args: ['doctor'], long: true },
  { name: 'topology-broken', args: ['topology'], long: true },
  { name: 'latency-broken', args: ['latency', '--runs', '1', '--warmup', '0', '--deadline', '6s'], long: true },
  { name: 'down', args: ['down'], changes: true, before: (lab) => lab.run(['up']) },
  { name: 'status-down', args: ['status'] },
  { name: 'query-down', args: ['query', 'tempo', '{}'] },
  { name: 'run-down', args: ['run'] },
  { name: 'exercise-check-down', args: ['exercise', '1', '--check'] },
  { name: 'down-again', args: ['down'] },
  { name: 'down-volumes', args: ['down', '--volumes'], changes: true, before: (lab) => lab.run(['up']) },
]

const COURSES: View[] = [
  {
    name: 'course-new',
    args: ['course', 'new', 'mine'],
    changes: true,
    before: (lab) => rm(join(lab.dir, 'mine'), { recursive: true, force: true }),
  },
  { name: 'course-new-again', args: ['course', 'new', 'mine'] },
  { name: 'course-lint', args: ['course', 'lint', 'mine'] },
]

/** In the order in which they are shown: each leaves the lab to the next. */
export const VIEWS = [...WITHOUT, ...RUNNING, ...CONFIGS, ...EXERCISES, ...COURSES]

/** Of a lab that somebody breaks, which waits long for what does not come: looked at when views are written. */
export const BROKEN_VIEWS = [...INCIDENTS, ...BROKEN]
