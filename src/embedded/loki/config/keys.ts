import { type Keys, leaf, server } from '../../config/keys.ts'

const lifecycler = leaf(
  'ring.LifecyclerConfig',
  `ring num_tokens heartbeat_period heartbeat_timeout observe_period join_after min_ready_duration interface_names
   enable_inet6 final_sleep tokens_file_path availability_zone unregister_on_shutdown readiness_check_ring_health
   address`,
)

const limits = leaf(
  'validation.plain',
  `ingestion_rate_strategy ingestion_rate_mb ingestion_burst_size_mb max_label_name_length max_label_value_length
   max_label_names_per_series reject_old_samples reject_old_samples_max_age creation_grace_period max_line_size
   max_line_size_truncate max_line_size_truncate_identifier increment_duplicate_timestamp simulated_push_latency
   discover_generic_fields discover_service_name discover_log_levels log_level_fields log_level_from_json_max_depth
   use_owned_stream_count max_streams_per_user max_global_streams_per_user per_stream_rate_limit
   per_stream_rate_limit_burst max_chunks_per_query max_query_series max_query_lookback max_query_length
   max_query_range max_query_parallelism tsdb_max_query_parallelism tsdb_max_bytes_per_shard tsdb_sharding_strategy
   tsdb_precompute_chunks cardinality_limit max_streams_matchers_per_query max_concurrent_tail_requests
   max_entries_limit_per_query max_cache_freshness_per_query max_metadata_cache_freshness max_stats_cache_freshness
   max_queriers_per_tenant max_query_capacity query_ready_index_num_days query_timeout split_queries_by_interval
   split_metadata_queries_by_interval split_recent_metadata_queries_by_interval recent_metadata_query_window
   split_instant_metric_queries_by_interval engine_results_cache_time_bucket_interval
   split_ingester_queries_by_interval min_sharding_lookback max_query_bytes_read max_querier_bytes_read volume_enabled
   volume_max_series ruler_max_rules_per_rule_group ruler_max_rule_groups_per_tenant ruler_alertmanager_config
   ruler_tenant_shard_size ruler_remote_write_disabled ruler_remote_write_config ruler_remote_evaluation_timeout
   ruler_remote_evaluation_max_response_size deletion_mode retention_period retention_stream shard_streams
   blocked_queries required_labels minimum_labels_number index_gateway_shard_size index_gateway_max_capacity
   bloom_gateway_enable_filtering bloom_build_max_builders bloom_build_task_max_retries
   bloom_build_builder_response_timeout bloom_creation_enabled bloom_planning_strategy bloom_split_series_keyspace_by
   bloom_task_target_series_chunk_size bloom_block_encoding bloom_prefetch_blocks bloom_max_block_size
   bloom_max_bloom_size allow_structured_metadata max_structured_metadata_size max_structured_metadata_entries_count
   otlp_config block_ingestion_policy_until block_ingestion_until block_ingestion_status_code enforced_labels
   policy_enforced_labels policy_stream_mapping ingestion_partitions_tenant_shard_size shard_aggregations
   pattern_ingester_tokenizable_json_fields_default pattern_ingester_tokenizable_json_fields_append
   pattern_ingester_tokenizable_json_fields_delete metric_aggregation_enabled pattern_persistence_enabled
   pattern_persistence_granularity pattern_rate_threshold s3_sse_type s3_sse_kms_key_id s3_sse_kms_encryption_context
   debug_engine_tasks debug_engine_streams`,
  {
    otlp_config: leaf('push.OTLPConfig', 'resource_attributes scope_attributes log_attributes severity_text_as_label', {
      resource_attributes: leaf('push.ResourceAttributesConfig', 'ignore_defaults attributes_config'),
    }),
  },
)

/**
 * The keys of Loki 3's config by section, with the Go type that its messages name. Sections that the lab does not
 * act on (rings, caches, object stores, rulers) are taken as they come.
 */
export const APP: Keys = leaf(
  'loki.ConfigWrapper',
  `target auth_enabled lbac no_auth_tenant http_prefix ballast_bytes server internal_server ui distributor querier
   query_engine query_scheduler frontend query_range ruler ruler_storage ingester_client ingester pattern_ingester
   index_gateway bloom_build bloom_gateway storage_config chunk_store_config schema_config compactor compactor_client
   compactor_grpc_client limits_config frontend_worker memberlist kafka_config dataobj ingest_limits
   ingest_limits_frontend ingest_limits_frontend_client runtime_config operational_config tracing analytics profiling
   tenant_limits_allow_publish common shutdown_delay metrics_namespace`,
  {
    server,
    limits_config: limits,
    common: leaf(
      'common.Config',
      `path_prefix storage persist_tokens replication_factor ring instance_interface_names instance_addr
       compactor_address compactor_grpc_address scratch_path`,
    ),
    distributor: leaf(
      'distributor.Config',
      `ring push_worker_count max_recv_msg_size max_decompressed_size max_inflight_bytes rate_store
       write_failures_logging otlp_attribute_logging otlp_config default_policy_stream_mappings kafka_writes_enabled
       ingester_writes_enabled ingest_limits_enabled ingest_limits_dry_run_enabled dataobj_tee circuit_breaker`,
    ),
    ingester: leaf(
      'ingester.Config',
      `lifecycler concurrent_flushes flush_check_period flush_op_backoff flush_op_timeout chunk_retain_period
       chunk_idle_period chunk_block_size chunk_target_size chunk_encoding max_chunk_age autoforget_unhealthy
       sync_period sync_min_utilization max_returned_stream_errors query_store_max_look_back_period wal index_shards
       max_dropped_streams shutdown_marker_path owned_streams_check_interval delegate_stream_limits_enabled
       kafka_ingestion`,
      { lifecycler },
    ),
    pattern_ingester: leaf(
      'pattern.Config',
      `enabled lifecycler client_config concurrent_flushes flush_check_period max_clusters max_eviction_ratio
       metric_aggregation pattern_persistence tee_config connection_timeout max_allowed_line_length retain_for
       max_chunk_age pattern_sample_interval volume_threshold`,
      { lifecycler },
    ),
    schema_config: leaf('config.SchemaConfig', 'configs'),
  },
)
