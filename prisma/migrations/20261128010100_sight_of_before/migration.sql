-- Parts and stages of cases that began before. One that changes meanwhile has its rows by then, and none is entered again.
INSERT INTO "case_parts" ("caseId", "part", "personId", "from")
  SELECT c.id, now.part, now.person, c."openedAt" FROM "cases" c CROSS JOIN LATERAL parts_of_case(c) now ON CONFLICT DO NOTHING;
UPDATE "cases" c SET "reached" = ARRAY(
  SELECT DISTINCT e.params ->> 'stage' FROM "events" e WHERE e."caseId" = c.id AND e.kind = 'stageEntered'
  UNION SELECT unnest(c.reached) UNION SELECT c.stage UNION SELECT 'end' WHERE c.status = 'closed');
UPDATE "tasks" t SET "elsewhere" = true FROM "cases" c
  WHERE c.id = t."caseId" AND t.role IS NOT NULL AND t."bodyKey" <> c."bodyKey" AND t.state NOT IN ('completed', 'obsolete');
UPDATE "cases" SET "number" = "number";
