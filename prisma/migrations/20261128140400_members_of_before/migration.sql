-- Members of commissions that sat before. A case that changes meanwhile has its rows by then, and none is entered again.
INSERT INTO "case_parts" ("caseId", "part", "personId", "from")
  SELECT c.id, now.part, now.person, c."openedAt" FROM "cases" c CROSS JOIN LATERAL parts_of_case(c) now WHERE now.part = 'member'
  ON CONFLICT DO NOTHING;
