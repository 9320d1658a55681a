-- tasks = { created = 5, completed = 1, failed = 1, cancelled = 0, processing = 0, queued = 1, scheduled = 1, retrying = 1 }
-- errors = { "dial tcp <ip> refused" = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 8000 }
CREATE TABLE river_job (
  id INTEGER PRIMARY KEY, state TEXT NOT NULL, attempt INTEGER DEFAULT 0, attempted_at TIMESTAMP, created_at TIMESTAMP NOT NULL DEFAULT '2026-01-30 09:05:00', finalized_at TIMESTAMP,
  scheduled_at TIMESTAMP NOT NULL DEFAULT '2026-01-30 09:05:00', args BLOB, errors BLOB, kind TEXT DEFAULT 'mail', metadata BLOB, queue TEXT DEFAULT 'default', tags BLOB
);
INSERT INTO river_job (state, scheduled_at, attempted_at, finalized_at, errors) VALUES
('pending', '2026-01-30 09:05:00', NULL, NULL, NULL), ('retryable', '2026-01-30 12:00:00', '2026-01-30 09:40:00', NULL, NULL), ('retryable', '2026-01-30 09:59:00', '2026-01-30 09:40:00', NULL, NULL),
('completed', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:06:08', NULL),
('discarded', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', '[{"attempt": 1, "error": "first: no"}, {"attempt": 2, "error": "dial tcp 10.0.0.7:5432 refused", "trace": ""}]');
