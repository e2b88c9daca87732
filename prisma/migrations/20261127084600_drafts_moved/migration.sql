-- What was typed before this release comes back after it.
INSERT INTO "form_drafts" ("address", "personId", "version", "writer", "form", "savedAt")
SELECT 'task:' || "taskId" || ':complete', "personId", 1, '', "body", "updatedAt" FROM "drafts";
DELETE FROM "drafts";
