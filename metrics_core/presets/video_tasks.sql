-- title = "Video tasks (video_tasks)"
-- tables.video_tasks = [
--   "id", "status", "created_at", "processing_at", "completed_at", "failed_at", "cancelled_at",
--   "error_message", "engine",
-- ]
-- dimensions = ["engine"]
-- errors = [
--   { match = "Video generation timed out. Please try again.", code = "ENGINE_TIMEOUT" },
--   { match = "Service busy. Please wait and retry.", code = "ENGINE_RATE_LIMITED" },
--   { match = "Video service temporarily unavailable.", code = "ENGINE_UNAVAILABLE" },
--   { match = "Service configuration error.", code = "ENGINE_AUTH_ERROR" },
--   { match = "Video generation temporarily disabled.", code = "ENGINE_CIRCUIT_OPEN" },
--   { match = "Invalid prompt. Check content guidelines.", code = "INVALID_PROMPT" },
--   { match = "Task exceeded maximum processing time.", code = "TASK_TIMEOUT" },
--   { match = "An unexpected error occurred.", code = "UNKNOWN_ERROR" },
-- ]
SELECT
  id,
  status,
  created_at,
  processing_at AS started_at,
  coalesce(completed_at, failed_at, cancelled_at) AS finished_at,
  error_message AS error,
  engine
FROM {video_tasks}
