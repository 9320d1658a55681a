-- tasks = { created = 10, completed = 1, failed = 3, cancelled = 1, processing = 2, queued = 2, scheduled = 1, retrying = 1 }
-- errors = { ValueError = 1, "jobs.PaymentDeclined" = 1, Crashed = 1 }
-- p95 = { time_to_processing = 60000, time_to_complete = 12000 }
CREATE TYPE state_type AS ENUM ('SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'PAUSED', 'CANCELLING');
CREATE TABLE flow (id varchar(36) PRIMARY KEY, name varchar NOT NULL);
CREATE TABLE flow_run_state (id varchar(36) PRIMARY KEY, flow_run_id varchar(36), type state_type, name varchar, message varchar, data text, "timestamp" timestamptz);
CREATE TABLE flow_run (
  id varchar(36) PRIMARY KEY, created timestamptz DEFAULT '2026-01-30 09:01:00', updated timestamptz, name varchar, state_type state_type, state_name varchar, state_timestamp timestamptz, run_count int DEFAULT 0,
  expected_start_time timestamptz DEFAULT '2026-01-30 09:05:00', start_time timestamptz, end_time timestamptz, total_run_time text, flow_id varchar(36) DEFAULT 'f', deployment_id varchar(36), work_queue_name varchar DEFAULT 'default', state_id varchar(36), tags text, parameters text
);
INSERT INTO flow VALUES ('f', 'etl');
INSERT INTO flow_run (id, state_type, state_name, expected_start_time, start_time, end_time, state_id) VALUES
('1', 'SCHEDULED', 'Late', '2026-01-30 09:05:00', NULL, NULL, NULL), ('2', 'SCHEDULED', 'Scheduled', '2026-01-30 12:00:00', NULL, NULL, NULL), ('3', 'SCHEDULED', 'AwaitingRetry', '2026-01-30 12:00:00', '2026-01-30 09:06:00', NULL, NULL),
('4', 'PENDING', 'Pending', '2026-01-30 09:05:00', NULL, NULL, NULL), ('5', 'RUNNING', 'Running', '2026-01-30 09:05:00', '2026-01-30 09:50:00', NULL, NULL), ('6', 'PAUSED', 'Suspended', '2026-01-30 09:05:00', '2026-01-30 09:50:00', NULL, NULL),
('7', 'COMPLETED', 'Cached', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:06:12', NULL), ('8', 'FAILED', 'Failed', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', 's8'), ('9', 'CRASHED', 'Crashed', '2026-01-30 09:05:00', '2026-01-30 09:06:00', '2026-01-30 09:07:00', 's9'),
('10', 'CANCELLED', 'Cancelled', '2026-01-30 09:05:00', NULL, '2026-01-30 09:07:00', NULL);
INSERT INTO flow_run (id, created, state_type, state_name, expected_start_time, start_time, end_time, state_id) VALUES
('11', '2026-01-30 08:01:00', 'FAILED', 'Failed', '2026-01-30 08:05:00', '2026-01-30 08:06:00', '2026-01-30 09:07:00', 's11'), ('12', '2026-01-30 08:01:00', 'COMPLETED', 'Completed', '2026-01-30 08:05:00', '2026-01-30 08:06:00', '2026-01-30 08:07:00', NULL);
INSERT INTO flow_run_state (id, flow_run_id, type, message) VALUES ('s8', '8', 'FAILED', 'Flow run encountered an exception: ValueError: bad thing'), ('s9', '9', 'CRASHED', 'Flow run infrastructure exited with non-zero status code -9.'),
('s11', '11', 'FAILED', 'Flow run encountered an exception: jobs.PaymentDeclined: card 4242');
