-- title = "Agent run events (agent_events)"
-- tables.agent_events = [
--   "id", "event_type", "occurred_at", "run_id", "tenant_id", "workspace_id", "project_id",
--   "agent_id", "workflow_id", "trace_id", "error_type", "cost_usd", "payload",
-- ]
-- dimensions = ["tenant_id", "workspace_id", "project_id", "agent_id", "workflow_id"]
-- # A run has no queue: its first event is its start.
-- lacks = ["time_to_processing"]
WITH ends AS (
  -- A run ends once: its first end counts, so that a later event does not change the past.
  SELECT DISTINCT ON (run_id) *
  FROM {agent_events}
  WHERE event_type IN ('run.completed', 'run.failed')
    AND occurred_at >= :window_from - interval '8 days'
  ORDER BY run_id, occurred_at, id
),
starts AS (
  -- A run without an end is processing for 7 days; an eighth bears late and skewed clocks.
  SELECT DISTINCT ON (run_id) *
  FROM {agent_events}
  WHERE event_type = 'run.started'
    AND occurred_at >= :window_from - interval '8 days'
  ORDER BY run_id, occurred_at, id
)
SELECT
  coalesce(e.run_id, s.run_id) AS id,
  CASE
    WHEN s.occurred_at < :window_to - interval '7 days'
      AND (e.occurred_at IS NULL OR e.occurred_at >= :window_to)
      THEN 'lost: started over 7 days ago, no end'
    WHEN e.event_type = 'run.completed' THEN 'completed'
    WHEN e.event_type = 'run.failed' THEN 'failed'
    ELSE 'processing'
  END AS status,
  -- A start that lies after its end is of a skewed clock: the run ended when its end says.
  CASE WHEN e.occurred_at < s.occurred_at THEN e.occurred_at ELSE s.occurred_at END AS created_at,
  s.occurred_at AS started_at,
  e.occurred_at AS finished_at,
  CASE WHEN e.payload -> 'run' ->> 'latency_ms' ~ '^[0-9]+([.][0-9]+)?$'
    THEN (e.payload -> 'run' ->> 'latency_ms')::double precision
  END AS duration_ms,
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
FROM starts AS s
FULL JOIN ends AS e ON e.run_id = s.run_id
