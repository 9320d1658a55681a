-- tasks = { created = 8, completed = 1, failed = 3, cancelled = 1, processing = 1, queued = 1, scheduled = 1 }
-- errors = { ValueError = 1, ConnectionError = 1, MAX_RECOVERY_ATTEMPTS_EXCEEDED = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 5000 }
CREATE TABLE workflow_status (
  workflow_uuid TEXT PRIMARY KEY, status TEXT, name TEXT, queue_name TEXT, created_at BIGINT NOT NULL DEFAULT 1769763900000, updated_at BIGINT NOT NULL DEFAULT 1769763900000,
  started_at_epoch_ms BIGINT, completed_at BIGINT, delay_until_epoch_ms BIGINT, output TEXT, error TEXT, recovery_attempts BIGINT DEFAULT 0, serialization TEXT
);
CREATE TABLE workflow_output (workflow_uuid TEXT PRIMARY KEY, output TEXT, error TEXT);
INSERT INTO workflow_status (workflow_uuid, status, queue_name, started_at_epoch_ms, completed_at, delay_until_epoch_ms) VALUES
('a', 'ENQUEUED', 'q', NULL, NULL, NULL), ('b', 'DELAYED', 'q', NULL, NULL, 1769774400000), ('c', 'PENDING', NULL, NULL, NULL, NULL),
('d', 'SUCCESS', 'q', 1769763960000, 1769763965000, NULL), ('e', 'ERROR', NULL, NULL, 1769763965000, NULL), ('f', 'ERROR', NULL, NULL, 1769763965000, NULL),
('g', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED', NULL, NULL, 1769763965000, NULL), ('h', 'CANCELLED', 'q', NULL, 1769763965000, NULL);
INSERT INTO workflow_status (workflow_uuid, status, created_at, updated_at, completed_at) VALUES ('old', 'SUCCESS', 1769760300000, 1769760400000, 1769760400000);
INSERT INTO workflow_output (workflow_uuid, error) VALUES
('e', 'gASVKgAAAAAAAACMCGJ1aWx0aW5zlIwKVmFsdWVFcnJvcpSTlIwIYmFkIDQyIHiUhZRSlC4='), ('f', '{"name": "ConnectionError", "message": "503 from upstream", "code": null}');
