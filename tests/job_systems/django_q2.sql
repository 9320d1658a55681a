-- tasks = { created = "null", completed = "null", failed = 2, cancelled = 0, processing = 1, queued = 1 }
-- errors = { ValueError = 2 }
-- not_measurable = ["latency.timeToProcessingMs", "latency.timeToCompleteMs", "backlog.processing.oldestAgeMs", "tasks.created", "tasks.completed", "failureRate", "ledger"]
CREATE TABLE django_q_task (
  id varchar(32) PRIMARY KEY, name varchar(100) DEFAULT 'x', func varchar(256) DEFAULT 'jobs.mail', hook text, args text, kwargs text, "group" text, cluster varchar(100),
  result text, started timestamptz NOT NULL, stopped timestamptz NOT NULL, success boolean NOT NULL, attempt_count int DEFAULT 1
);
CREATE TABLE django_q_ormq (id int PRIMARY KEY, key varchar(100) NOT NULL, payload text NOT NULL, lock timestamptz);
INSERT INTO django_q_task (id, result, started, stopped, success) VALUES
('1', 'gASVBgAAAAAAAACMAm9rlC4=', '2026-01-30 09:05:00', '2026-01-30 09:07:00', true), ('2', NULL, '2026-01-30 08:05:00', '2026-01-30 08:07:00', true),
('3', 'gASVZwAAAAAAAACMY2JhZCAxIDogVHJhY2ViYWNrIChtb3N0IHJlY2VudCBjYWxsIGxhc3QpOgogIEZpbGUgImEucHkiLCBsaW5lIDEsIGluIGYKICAgIHJhaXNlClZhbHVlRXJyb3I6IGJhZCAxCpQu', '2026-01-30 09:05:00', '2026-01-30 09:07:00', false),
('4', 'gASVZwAAAAAAAACMY2JhZCAyIDogVHJhY2ViYWNrIChtb3N0IHJlY2VudCBjYWxsIGxhc3QpOgogIEZpbGUgImEucHkiLCBsaW5lIDEsIGluIGYKICAgIHJhaXNlClZhbHVlRXJyb3I6IGJhZCAyCpQu', '2026-01-30 09:05:00', '2026-01-30 09:07:00', false);
INSERT INTO django_q_ormq VALUES (1, 'DjangORM', 'x', '2026-01-30 09:30:00'), (2, 'DjangORM', 'x', '2026-01-30 10:30:00');
