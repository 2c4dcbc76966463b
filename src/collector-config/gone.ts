import type { ComponentKind } from './component.ts'

/** Components that old configs name and today's collector does not have. */
export interface Gone {
  kind: ComponentKind
  type: string
  /** The version that removed it. */
  since?: string
  /** What to write instead. */
  instead: string
  /** `config migrate` can do it. */
  migrates?: true
}

const GONE: readonly Gone[] = [
  {
    kind: 'exporter',
    type: 'logging',
    since: '0.111.0',
    instead: 'the debug exporter (loglevel: debug is now verbosity: detailed)',
    migrates: true,
  },
  {
    kind: 'exporter',
    type: 'loki',
    since: '0.131.0',
    instead: 'the otlp_http exporter with endpoint: http://loki:3100/otlp',
    migrates: true,
  },
  {
    kind: 'exporter',
    type: 'jaeger',
    since: '0.85.0',
    instead: 'the otlp_grpc exporter: Jaeger takes OTLP on port 4317',
    migrates: true,
  },
  {
    kind: 'exporter',
    type: 'jaeger_thrift',
    since: '0.85.0',
    instead: 'the otlp_http exporter: Jaeger takes OTLP on port 4318',
  },
  { kind: 'exporter', type: 'opencensus', instead: 'the otlp_grpc exporter' },
  { kind: 'receiver', type: 'opencensus', instead: 'the otlp receiver' },
  {
    kind: 'processor',
    type: 'spanmetrics',
    since: '0.96.0',
    instead: 'the span_metrics connector: an exporter of the traces pipeline and a receiver of the metrics pipeline',
    migrates: true,
  },
  { kind: 'processor', type: 'servicegraph', instead: 'the service_graph connector (with --engine docker)' },
  { kind: 'processor', type: 'queued_retry', instead: "the exporter's own sending_queue and retry_on_failure" },
  {
    kind: 'extension',
    type: 'memory_ballast',
    since: '0.109.0',
    instead: 'the GOMEMLIMIT environment variable and the memory_limiter processor',
    migrates: true,
  },
]

export function goneComponent(kind: ComponentKind, type: string): Gone | undefined {
  return GONE.find((gone) => gone.kind === kind && gone.type === type)
}

/** Types of the real contrib distribution that the lab's embedded collector does not run. Not complete. */
const ELSEWHERE: Record<ComponentKind, string> = {
  receiver:
    'jaeger zipkin prometheus hostmetrics host_metrics fluentforward kafka statsd syslog tcplog udplog docker_stats httpcheck http_check k8s_cluster kubeletstats redis postgresql mysql mongodb nginx apache carbon influxdb loki receiver_creator awsxray collectd journald k8s_events k8sobjects kafkametrics otlpjsonfile otlp_json_file rabbitmq snmp splunk_hec sqlquery statsd webhookevent windowseventlog windowsperfcounters datadog nop',
  processor:
    'k8sattributes k8s_attributes resourcedetection resource_detection groupbyattrs groupbytrace metricstransform metrics_transform cumulativetodelta cumulative_to_delta deltatocumulative deltatorate span interval logdedup log_dedup geoip metricsgeneration schema sumologic remotetap',
  exporter:
    'zipkin kafka prometheusremotewrite prometheus_remote_write loadbalancing load_balancing elasticsearch clickhouse datadog splunk_hec awsxray awsemf awss3 aws_s3 googlecloud azuremonitor cassandra influxdb opensearch syslog tencentcloud_logservice zipkin nop otelarrow pulsar rabbitmq honeycombmarker sentry signalfx',
  connector:
    'servicegraph service_graph exceptions failover roundrobin round_robin datadog sum signaltometrics signal_to_metrics otlpjson grafanacloud slowsql',
  extension:
    'pprof basicauth basic_auth oauth2client oauth2_client oidc db_storage headers_setter healthcheckv2 jaegerremotesampling opamp sigv4auth awsproxy docker_observer host_observer k8s_observer http_forwarder asapauth ack remotetap',
}

/** Whether a type that the lab does not know exists in the real contrib collector. */
export function existsInContrib(kind: ComponentKind, type: string): boolean {
  return ELSEWHERE[kind].split(' ').includes(type)
}
