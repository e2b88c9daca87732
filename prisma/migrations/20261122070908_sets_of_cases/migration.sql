-- By itself: rows are read here, and the migration before holds the task table for an instant.
-- A set that exists keeps what its first case began with.
INSERT INTO "rehearsal_sets" ("name", "origin", "speed", "caseAt", "realAt", "startedById")
SELECT DISTINCT ON ("rehearsal") "rehearsal", "startedOn", ("clock"->>'speed')::float8,
       ("clock"->'base'->>'case')::timestamptz, ("clock"->'base'->>'real')::timestamptz, "startedById"
FROM "cases" WHERE "rehearsal" IS NOT NULL ORDER BY "rehearsal", "openedAt";
