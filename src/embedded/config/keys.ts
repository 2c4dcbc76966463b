/** The keys of a config by section, with the Go type that its messages name. */
export interface Keys {
  type: string
  keys: readonly string[]
  sections?: Record<string, Keys>
}

export const words = (text: string) => text.trim().split(/\s+/)

export const leaf = (type: string, text: string, sections: Record<string, Keys> = {}): Keys => ({
  type,
  keys: words(text),
  sections,
})

/** Loki and Tempo are served by the same library, dskit. */
export const server = leaf(
  'server.Config',
  `http_listen_network http_listen_address http_listen_port http_listen_conn_limit grpc_listen_network
   grpc_listen_address grpc_listen_port grpc_listen_conn_limit grpc_collect_max_streams_by_conn proxy_protocol_enabled
   tls_cipher_suites tls_min_version http_tls_config grpc_tls_config register_instrumentation
   report_grpc_codes_in_instrumentation_label_enabled graceful_shutdown_timeout http_server_read_timeout
   http_server_read_header_timeout http_server_write_timeout http_server_idle_timeout
   http_log_closed_connections_without_response_enabled grpc_server_max_recv_msg_size grpc_server_max_send_msg_size
   grpc_server_max_concurrent_streams grpc_server_max_connection_idle grpc_server_max_connection_age
   grpc_server_max_connection_age_grace grpc_server_keepalive_time grpc_server_keepalive_timeout
   grpc_server_min_time_between_pings grpc_server_ping_without_stream_allowed grpc_server_num_workers
   grpc_server_stats_tracking_enabled grpc_server_recv_buffer_pools_enabled grpc_server_read_buffer_size
   grpc_server_write_buffer_size log_format log_level log_source_ips_enabled log_source_ips_full log_source_ips_header
   log_source_ips_regex log_request_headers log_request_at_info_level_enabled log_request_exclude_headers_list
   trace_request_headers trace_request_exclude_headers_list http_path_prefix cluster_validation create_new_traces`,
)
