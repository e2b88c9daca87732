-- Open tasks of supervisors and mentors are theirs by virtue of a post in the body of the case, as their workflows say from this
-- release on; the next step of each case would write the same.
UPDATE "tasks" t SET "bodyKey" = c."bodyKey" FROM "cases" c
WHERE c.id = t."caseId" AND t.process = 'probation' AND t.role IS NULL AND t."personId" IS NOT NULL AND t."bodyKey" IS NULL
  AND t.kind IN ('draftAdaptationPlan', 'agreeAdaptationPlan', 'interimCheck', 'mentorOpinion', 'reviewProbation')
  AND t.state IN ('ready', 'reserved', 'inProgress', 'suspended', 'completing');
