// Who may import whom. A folder not named in another's list may not be imported by it.
const mayImport = {
  main: ['ui'],
  commands: [
    'lab',
    'engine',
    'class',
    'config-change',
    'diagnosis',
    'exercises',
    'faults',
    'incidents',
    'course',
    'journey',
    'latency',
    'quiz',
    'lesson',
    'page-server',
    'workload',
    'workspace',
    'collector-config',
    'backends',
    'ui',
  ],
  // Opens the running lab for those who look at it as a contract of their own.
  lab: [
    'engine',
    'config-change',
    'diagnosis',
    'exercises',
    'faults',
    'incidents',
    'latency',
    'quiz',
    'workload',
    'workspace',
    'collector-config',
    'backends',
  ],
  // It starts `embedded` as a process, and knows nothing else of it.
  engine: ['collector-config', 'backends', 'workspace'],
  // Engine and workload come in as arguments: `engine` stands here for the types of src/engine.ts alone.
  'config-change': ['collector-config', 'engine', 'workspace'],
  diagnosis: ['backends', 'collector-config', 'course-file', 'engine', 'otlp'],
  exercises: ['backends', 'collector-config', 'config-change', 'course-file', 'diagnosis', 'engine', 'latency'],
  faults: ['backends', 'collector-config', 'config-change', 'course-file', 'diagnosis', 'engine'],
  // Engine comes in with the faults' lab.
  incidents: ['backends', 'engine', 'faults'],
  class: ['otlp'],
  course: ['exercises', 'faults', 'collector-config', 'course-file', 'diagnosis', 'workspace', 'workload'],
  latency: ['backends', 'collector-config', 'diagnosis', 'engine', 'otlp'],
  journey: ['backends', 'collector-config', 'diagnosis', 'engine', 'latency', 'otlp'],
  'page-server': ['backends', 'collector-config', 'diagnosis', 'engine', 'exercises'],
  // Runs in a browser: it knows the page server by its URLs and by the types of src/page-server/answers.ts.
  page: ['page-server'],
  embedded: ['otlp', 'ottl', 'collector-config'],
  'collector-config': ['ottl'],
  ottl: ['otlp'],
  backends: [],
  otlp: [],
  workload: [],
  workspace: [],
  quiz: ['course-file', 'exercises'],
  lesson: ['course-file'],
  'course-file': [],
  ui: [],
  'neuro-preprocess': [],
  sdk: [],
  util: [],
  errors: [],
}
const everyone = ['util', 'errors']
// A concern is a file, a folder, or a file beside a folder of the same name.
const concern = (name) => `^src/${name}(/|[.]ts$)`

const layers = Object.entries(mayImport).map(([name, allowed]) => ({
  name: `${name}-may-import`,
  severity: 'error',
  comment: `${name} may import ${[...allowed, ...everyone].join(', ')}`,
  from: { path: concern(name) },
  to: { path: '^src/', pathNot: [name, ...allowed, ...everyone].map(concern) },
}))

const only = (pkg, where) => ({
  name: `only-${where.join('-and-')}-uses-${pkg}`.replaceAll(/[@/]/g, ''),
  severity: 'error',
  from: { path: '^src/', pathNot: where.map((w) => `^src/${w}`) },
  to: { path: `node_modules/(@types/)?${pkg}` },
})

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'every-file-has-a-place',
      severity: 'error',
      comment: 'add the concern to mayImport',
      from: { path: '^src/', pathNot: Object.keys(mayImport).map(concern) },
      to: {},
    },
    ...layers,
    {
      name: 'backends-in-one-process-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/embedded/(collector|tempo|prometheus|loki|web)/' },
      to: { path: '^src/embedded/(collector|tempo|prometheus|loki|web)/', pathNot: '^src/embedded/$1/' },
    },
    {
      name: 'query-engines-are-pure',
      severity: 'error',
      comment: 'a query engine sees its store only through source.ts',
      from: { path: '^src/embedded/([^/]+)/(promql|logql|traceql)/' },
      to: {
        path: '^src/',
        pathNot: ['^src/embedded/$1/$2/', '^src/embedded/series/', '^src/otlp/', '^src/util/', '^src/errors'],
      },
    },
    {
      name: 'engines-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/engine/(docker|embedded|external)' },
      to: { path: '^src/engine/(docker|embedded|external)', pathNot: '^src/engine/$1' },
    },
    {
      name: 'rooms-know-engines-by-their-contract',
      severity: 'error',
      from: {
        path: '^src/(config-change|diagnosis|exercises|faults|incidents|course|journey|latency|page-server)(/|[.]ts$)',
      },
      to: { path: '^src/engine/' },
    },
    {
      name: 'the-browser-knows-answers-only',
      severity: 'error',
      from: { path: '^src/page/' },
      to: { path: '^src/page-server(/|[.]ts$)', pathNot: '^src/page-server/answers[.]ts$' },
    },
    {
      name: 'the-browser-has-no-node',
      severity: 'error',
      from: { path: '^src/page/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-app-stands-alone',
      severity: 'error',
      from: { path: '^src/neuro-preprocess/' },
      to: { path: '^src/', pathNot: '^src/neuro-preprocess/' },
    },
    {
      name: 'nothing-imports-the-app',
      severity: 'error',
      from: { pathNot: '^src/neuro-preprocess/' },
      to: { path: '^src/neuro-preprocess/' },
    },
    only('dockerode', ['engine/docker']),
    only('undici', ['backends', 'otlp/send', 'embedded/collector/exporters/otlp_http']),
    only('@oclif/core', ['commands', 'main']),
    only('yaml', [
      'collector-config',
      'course-file',
      'diagnosis/read',
      'engine/docker',
      'embedded/config',
      'util/yaml',
    ]),
    only('ajv', ['course-file']),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
