/**
 * What the OpenTelemetry Certified Associate is examined in (cncf/curriculum, OTCA_Curriculum.pdf of 2024-11-28), by
 * the ids that exercises name: domain/competency.
 */
export const COMPETENCIES = {
  'fundamentals/telemetry-data': 'Telemetry Data',
  'fundamentals/semantic-conventions': 'Semantic Conventions',
  'fundamentals/instrumentation': 'Instrumentation',
  'fundamentals/analysis-and-outcomes': 'Analysis and Outcomes',
  'api-sdk/data-model': 'Data Model',
  'api-sdk/composability-and-extension': 'Composability and Extension',
  'api-sdk/configuration': 'Configuration',
  'api-sdk/signals': 'Signals (Tracing, Metric, Log)',
  'api-sdk/sdk-pipelines': 'SDK Pipelines',
  'api-sdk/context-propagation': 'Context Propagation',
  'api-sdk/agents': 'Agents',
  'collector/configuration': 'Configuration',
  'collector/deployment': 'Deployment',
  'collector/scaling': 'Scaling',
  'collector/pipelines': 'Pipelines',
  'collector/transforming-data': 'Transforming Data',
  'debugging/context-propagation': 'Context Propagation',
  'debugging/debugging-pipelines': 'Debugging Pipelines',
  'debugging/error-handling': 'Error Handling',
  'debugging/schema-management': 'Schema Management',
} as const

export type Competency = keyof typeof COMPETENCIES

/** The domains with their share of the exam, in percent. */
export const DOMAINS = {
  fundamentals: { title: 'Fundamentals of Observability', weight: 18 },
  'api-sdk': { title: 'The OpenTelemetry API and SDK', weight: 46 },
  collector: { title: 'The OpenTelemetry Collector', weight: 26 },
  debugging: { title: 'Maintaining and Debugging Observability Pipelines', weight: 10 },
} as const

/** The tracks of the built-in course, in the order in which one walks them. */
export const TRACKS = {
  flow: 'The flow',
  signals: 'Signals and conventions',
  'api-sdk': 'API and SDK',
  collector: 'The Collector',
  running: 'Keeping it running',
} as const

export type Track = keyof typeof TRACKS
