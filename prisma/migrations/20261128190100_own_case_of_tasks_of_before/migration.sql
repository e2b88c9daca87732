-- Tasks that were opened before and may still be done. Of closed ones nobody asks it.
UPDATE "tasks" t SET "ownCaseOf" = c."subjectId" FROM "cases" c
  WHERE c.id = t."caseId" AND c."subjectId" IS NOT NULL AND t."ownCaseOf" IS NULL AND t."state" NOT IN ('completed', 'obsolete');
