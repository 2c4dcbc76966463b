import { table } from '../../../util/table.ts'
import { type Keys, leaf, server, words } from '../../config/keys.ts'

const sharder =
  'concurrent_jobs target_bytes_per_job max_duration query_backend_after duration_slo throughput_bytes_slo'

const queryFrontend: Keys = {
  type: 'frontend.Config',
  keys: words(`max_outstanding_per_tenant max_batch_size log_query_request_headers max_retries search trace_by_id metrics
    multi_tenant_queries_enabled response_consumers weights mcp_server api_timeout url_deny_list
    max_grpc_streaming_packet_size max_query_expression_size_bytes allowed_headers rf1_after query_end_cutoff
    skip_ast_transformations querier_forget_delay`),
  sections: {
    search: leaf(
      'frontend.SearchConfig',
      `${sharder} timeout default_result_limit max_result_limit ingester_shards most_recent_shards
       default_spans_per_span_set max_spans_per_span_set metadata_slo`,
    ),
    trace_by_id: leaf(
      'frontend.TraceByIDConfig',
      'query_shards concurrent_shards duration_slo throughput_bytes_slo external_enabled',
    ),
    metrics: leaf(
      'frontend.MetricsConfig',
      `${sharder} interval max_exemplars max_response_series streaming_shards max_intervals`,
    ),
  },
}

const liveStore = leaf(
  'livestore.Config',
  `ring partition_ring metrics commit_interval wal query_block_concurrency complete_block_timeout
   complete_block_concurrency block_reclaim_grace shutdown_marker_dir flush_check_period flush_op_timeout max_trace_live
   max_trace_idle max_live_traces_bytes max_block_duration max_block_bytes readiness_target_lag readiness_max_wait
   fail_on_high_lag remove_owner_on_shutdown`,
)

const storage: Keys = {
  type: 'storage.Config',
  keys: ['trace'],
  sections: {
    trace: {
      type: 'tempodb.Config',
      keys: words(`pool wal block search blocklist_poll blocklist_poll_concurrency blocklist_poll_tenant_concurrency
        blocklist_poll_fallback blocklist_poll_tenant_index_builders blocklist_poll_stale_tenant_index
        blocklist_poll_jitter_ms blocklist_poll_tolerate_consecutive_errors blocklist_poll_tolerate_tenant_failures
        empty_tenant_deletion_enabled empty_tenant_deletion_age backend local gcs s3 azure cache background_cache
        memcached redis cache_min_compaction_level cache_max_block_age`),
      sections: {
        wal: leaf('wal.Config', 'path ingestion_time_range_slack version'),
        local: leaf('local.Config', 'path'),
      },
    },
  },
}

const distributor = leaf(
  'distributor.Config',
  `ring receivers override_ring_key forwarders usage kafka_config retry_after_on_resource_exhausted max_attribute_bytes
   log_received_spans log_discarded_spans metric_received_spans kafka_write_path_enabled ingester_write_path_enabled
   extend_writes kafka_push_latency artificial_delay max_span_attr_byte`,
)

const backendWorker: Keys = {
  type: 'backendworker.Config',
  keys: words('backend_scheduler_addr backoff compaction override_ring_key ring finish_on_shutdown_timeout'),
  sections: {
    compaction: leaf(
      'tempodb.CompactorConfig',
      `compaction_window max_compaction_objects max_block_bytes block_retention compacted_block_retention
       retention_concurrency max_time_per_tenant compaction_cycle v2_in_buffer_bytes v2_out_buffer_bytes
       v2_prefetch_traces_count`,
    ),
  },
}

/**
 * The keys of Tempo 3.0's config by section, with the Go type that its messages name. Sections that the lab does
 * not act on (rings, caches, object stores) are taken as they come.
 */
export const APP: Keys = {
  type: 'app.Config',
  keys: words(`target auth_enabled multitenancy_enabled shutdown_delay stream_over_http_enabled http_api_prefix
    enable_go_runtime_metrics span_profiling memory server internal_server distributor metrics_generator_client
    live_store_client querier query_frontend metrics_generator ingest block_builder storage overrides memberlist
    usage_report cache backend_scheduler backend_scheduler_client backend_worker live_store`),
  sections: {
    server,
    distributor,
    query_frontend: queryFrontend,
    live_store: liveStore,
    storage,
    backend_worker: backendWorker,
    usage_report: leaf('usagestats.Config', 'reporting_enabled backoff'),
  },
}

/** Sections that Tempo 3 has dropped, and what a learner is to write instead. */
export const GONE: Record<string, string> = table({
  ingester:
    'Tempo 3.0 has no ingester any more. Its timings are now in live_store: trace_idle_period is max_trace_idle, flush_check_period and max_block_duration keep their names.',
  compactor:
    'Tempo 3.0 has no compactor any more. Its settings are now in backend_worker.compaction (block_retention among them).',
})
