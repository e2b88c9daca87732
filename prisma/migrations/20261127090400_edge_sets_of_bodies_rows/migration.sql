-- A set is that of the body whose case began it; each other body that has joined gets one of its own, as it stands.
UPDATE "rehearsal_sets" s SET "bodyKey" = f."bodyKey"
FROM (
  SELECT DISTINCT ON ("rehearsal") "rehearsal", "bodyKey" FROM "cases"
  WHERE "rehearsal" IS NOT NULL ORDER BY "rehearsal", "openedAt", "id"
) f
WHERE f."rehearsal" = s."name" AND s."bodyKey" = '';
INSERT INTO "rehearsal_sets" ("bodyKey", "name", "origin", "speed", "caseAt", "realAt", "startedById", "discardedAt")
SELECT DISTINCT ON (c."bodyKey", s."name") c."bodyKey", s."name", s."origin", s."speed", s."caseAt", s."realAt", s."startedById", s."discardedAt"
FROM "rehearsal_sets" s JOIN "cases" c ON c."rehearsal" = s."name"
WHERE s."bodyKey" <> ''
ON CONFLICT DO NOTHING;
