-- The form of agent_events.sql that SQLite understands: no DISTINCT ON, times as texts.
WITH firsts AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY run_id, event_type = 'run.started' ORDER BY occurred_at, id) AS n
  FROM {agent_events}
  WHERE event_type IN ('run.started', 'run.completed', 'run.failed')
    AND occurred_at >= date(:window_from, '-8 days')
),
starts AS (
  SELECT * FROM firsts WHERE n = 1 AND event_type = 'run.started'
),
ends AS (
  SELECT * FROM firsts WHERE n = 1 AND event_type <> 'run.started'
),
runs AS (
  SELECT run_id FROM starts UNION SELECT run_id FROM ends
)
SELECT
  r.run_id AS id,
  CASE
    WHEN julianday(s.occurred_at) < julianday(:window_to, '-7 days')
      AND (e.occurred_at IS NULL OR julianday(e.occurred_at) >= julianday(:window_to))
      THEN 'lost: started over 7 days ago, no end'
    WHEN e.event_type = 'run.completed' THEN 'completed'
    WHEN e.event_type = 'run.failed' THEN 'failed'
    ELSE 'processing'
  END AS status,
  -- A start that lies after its end is of a skewed clock: the run ended when its end says.
  CASE WHEN julianday(e.occurred_at) < julianday(s.occurred_at)
    THEN e.occurred_at
    ELSE s.occurred_at
  END AS created_at,
  s.occurred_at AS started_at,
  e.occurred_at AS finished_at,
  e.payload -> 'run' ->> 'latency_ms' AS duration_ms,
  e.error_type AS error_code,
  CASE WHEN e.run_id IS NOT NULL THEN coalesce(e.cost_usd, (
    SELECT sum(m.cost_usd)
    FROM {agent_events} AS m
    WHERE m.run_id = e.run_id
      AND m.event_type IN ('model.call.completed', 'model.call.failed')
  )) END AS cost_usd,
  coalesce(e.tenant_id, s.tenant_id) AS tenant_id,
  coalesce(e.workspace_id, s.workspace_id) AS workspace_id,
  coalesce(e.project_id, s.project_id) AS project_id,
  coalesce(e.agent_id, s.agent_id) AS agent_id,
  coalesce(e.workflow_id, s.workflow_id) AS workflow_id,
  -- Of lists of single runs only: a scan does not read it.
  coalesce(e.trace_id, s.trace_id) AS trace_id
FROM runs AS r
LEFT JOIN starts AS s ON s.run_id = r.run_id
LEFT JOIN ends AS e ON e.run_id = r.run_id
