-- tasks = { created = 4, completed = 1, failed = 1, cancelled = 0, processing = 1, queued = 1, scheduled = 0 }
-- not_measurable = ["errors"]
-- p95 = { time_to_processing = 60000, time_to_complete = 11000 }
CREATE TABLE dag_run (
  id int PRIMARY KEY, dag_id varchar(250), queued_at timestamptz, logical_date timestamptz, start_date timestamptz, end_date timestamptz, state varchar(50), run_id varchar(250), run_type varchar(50), run_after timestamptz, clear_number int DEFAULT 0
);
CREATE TABLE task_instance (
  id varchar(36) PRIMARY KEY, task_id varchar(250) DEFAULT 'load', dag_id varchar(250) DEFAULT 'etl', run_id varchar(250) DEFAULT 'r1', map_index int DEFAULT -1, start_date timestamptz, end_date timestamptz, duration float, state varchar(20),
  try_number int DEFAULT 1, max_tries int, hostname varchar(1000), pool varchar(256) DEFAULT 'default_pool', queue varchar(256) DEFAULT 'default', priority_weight int, operator varchar(1000),
  queued_dttm timestamptz, scheduled_dttm timestamptz, updated_at timestamptz
);
INSERT INTO task_instance (id, state, scheduled_dttm, queued_dttm, start_date, end_date, updated_at) VALUES
('1', NULL, NULL, NULL, NULL, NULL, '2026-01-30 09:05:00'), ('2', 'scheduled', '2026-01-30 09:05:00', NULL, NULL, NULL, '2026-01-30 09:05:00'), ('3', 'queued', '2026-01-30 09:05:00', '2026-01-30 09:06:00', NULL, NULL, '2026-01-30 09:05:00'),
('4', 'running', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:50:00', NULL, '2026-01-30 09:50:00'), ('5', 'deferred', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:50:00', NULL, '2026-01-30 09:50:00'),
('6', 'up_for_retry', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', '2026-01-30 09:08:00', '2026-01-30 09:08:00'), ('7', 'success', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', '2026-01-30 09:07:10', '2026-01-30 09:07:10'),
('8', 'failed', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', '2026-01-30 09:08:00', '2026-01-30 09:08:00'), ('9', 'skipped', '2026-01-30 09:05:00', NULL, '2026-01-30 09:07:00', '2026-01-30 09:07:00', '2026-01-30 09:07:00'),
('10', 'upstream_failed', '2026-01-30 09:05:00', NULL, '2026-01-30 09:07:00', '2026-01-30 09:07:00', '2026-01-30 09:07:00'), ('11', 'removed', '2026-01-30 09:05:00', NULL, NULL, NULL, '2026-01-30 09:07:00'),
('12', 'success', '2026-01-30 08:05:00', '2026-01-30 08:06:00', '2026-01-30 08:07:00', '2026-01-30 08:08:00', '2026-01-30 08:08:00');
INSERT INTO dag_run (id, dag_id, run_id, run_type, state, queued_at, run_after, start_date, end_date) VALUES
(1, 'etl', 'r1', 'scheduled', 'queued', '2026-01-30 09:05:00', '2026-01-30 09:05:00', NULL, NULL), (2, 'etl', 'r2', 'scheduled', 'running', '2026-01-30 09:05:00', '2026-01-30 09:05:00', '2026-01-30 09:50:00', NULL),
(3, 'etl', 'r3', 'manual', 'success', '2026-01-30 09:05:00', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:06:11'), (4, 'etl', 'r4', 'manual', 'failed', '2026-01-30 09:05:00', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00'),
(5, 'etl', 'r5', 'manual', 'success', '2026-01-30 08:05:00', '2026-01-30 08:05:00', '2026-01-30 08:06:00', '2026-01-30 08:07:00');
