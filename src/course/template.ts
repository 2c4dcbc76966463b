/** The files of a new course, by their path in it. It passes `course lint` and `course test` as it stands. */
export const TEMPLATE: Readonly<Record<string, string>> = {
  'exercises/01-send-sooner/exercise.yaml': `# yaml-language-server: $schema=../exercise.schema.json
title: Let the collector send sooner
goal: Shorten the longest that the collector holds a lone span back
minutes: 5
drive:
  run:
    - demo: normal
      files: 1
checks:
  - id: batch
    check: collector-effect
    signal: traces
    kind: processor
    type: batch
    settings: { timeout: [100, 200, 250] }
    title: The batch processor waits a quarter of a second at most
    expected: a batch processor in a traces pipeline of the running collector, with a timeout of 100, 200 or 250 ms
    why: What waits in the collector is not visible to anybody who looks for it
  - id: tempo
    check: trace
    title: Traces still arrive
    expected: the whole trace of this run in Tempo
    why: A shorter wait is worth nothing when nothing comes any more
hints:
  - after: batch/settings
    text: The batch processor's timeout is still longer. Look under processors in configs/otel-collector-config.yaml.
  - text: One processor waits until it has enough to send, or until its time is up. Which one?
  - text: "The setting is processors.batch.timeout: \`otel-lab config patch --set processors.batch.timeout=200ms\`"
wrong:
  - name: make the wait longer instead
    edits:
      - { op: set, path: processors.batch.timeout, value: 5s }
    gets: batch/settings
    says: [timeout of batch is 5000]
  - name: take the processor out of the pipeline
    edits:
      - { op: remove, path: service.pipelines.traces.processors, value: batch }
    gets: batch/other-pipeline
    says: [none for traces]
  - name: edit the file and not restart the collector
    unapplied: true
    edits:
      - { op: set, path: processors.batch.timeout, value: 200ms }
    gets: batch/not-restarted
    says: [has not read it]
learned: >-
  A batch trades time for fewer requests. How long is too long depends on who waits for the data.
`,
  'exercises/01-send-sooner/README.md': `The collector gathers spans before it sends them on, and a lone span waits for company. Find the processor that does
this, and let it wait a quarter of a second at most.

    otel-lab config show
`,
  'solutions/01-send-sooner/solution.yaml': `# yaml-language-server: $schema=../../exercises/solution.schema.json
commands:
  - otel-lab config patch --set processors.batch.timeout=200ms
edits:
  - { op: set, path: processors.batch.timeout, value: 200ms }
undo:
  - { op: set, path: processors.batch.timeout, value: 1s }
`,
  'solutions/01-send-sooner/README.md': `The batch processor sends what it has after \`timeout\`, or sooner when \`send_batch_size\` items have come together.

    otel-lab config patch --set processors.batch.timeout=200ms
`,
}
