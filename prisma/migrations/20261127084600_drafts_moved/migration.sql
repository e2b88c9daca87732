-- What was typed before this release comes back after it.
WITH "moved" AS (DELETE FROM "drafts" RETURNING *)
INSERT INTO "form_drafts" ("address", "personId", "version", "writer", "form", "savedAt")
SELECT 'task:' || "taskId" || ':complete', "personId", 1, '', "body", "updatedAt" FROM "moved"
ON CONFLICT DO NOTHING;
