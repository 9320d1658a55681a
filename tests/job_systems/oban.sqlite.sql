-- tasks = { created = 8, completed = 1, failed = 2, cancelled = 1, processing = 1, queued = 1, scheduled = 1, retrying = 1 }
-- errors = { RuntimeError = 1, ValueError = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 2000 }
CREATE TABLE oban_jobs (
  id INTEGER PRIMARY KEY, state TEXT NOT NULL, queue TEXT DEFAULT 'default', worker TEXT DEFAULT 'App.Mail', args JSON DEFAULT '{}',
  errors JSON NOT NULL DEFAULT '[]', attempt INTEGER DEFAULT 0, inserted_at TEXT NOT NULL DEFAULT '2026-01-30T09:05:00',
  scheduled_at TEXT NOT NULL DEFAULT '2026-01-30T09:05:00', attempted_at TEXT, completed_at TEXT, discarded_at TEXT, cancelled_at TEXT
);
INSERT INTO oban_jobs (state, scheduled_at, attempted_at) VALUES
('scheduled', '2026-01-30T12:00:00', NULL), ('retryable', '2026-01-30T12:00:00', '2026-01-30T09:40:00'),
('retryable', '2026-01-30T09:59:00', '2026-01-30T09:40:00'), ('executing', '2026-01-30T09:05:00', '2026-01-30T09:50:00');
INSERT INTO oban_jobs (state, attempted_at, completed_at) VALUES ('completed', '2026-01-30T09:06:00', '2026-01-30T09:06:02.000000');
INSERT INTO oban_jobs (state, attempted_at, cancelled_at) VALUES ('cancelled', NULL, '2026-01-30T09:07:00');
INSERT INTO oban_jobs (state, attempted_at, discarded_at, errors) VALUES
('discarded', '2026-01-30T09:06:00', '2026-01-30T09:07:00', '[{"attempt": 1, "error": "** (First) no"}, {"attempt": 2, "error": "** (RuntimeError) went wrong"}]'),
('discarded', '2026-01-30T09:06:00', '2026-01-30T09:07:00', '[{"attempt": 1, "error": "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad"}]');
