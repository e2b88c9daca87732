-- A commission that was withdrawn before it decided has no members any more: whoever was called into it has no part in the case.
CREATE OR REPLACE FUNCTION parts_of_case(given cases) RETURNS TABLE (part text, person uuid) LANGUAGE sql STABLE AS $$
  SELECT 'subject', given."subjectId" WHERE given."subjectId" IS NOT NULL
  UNION ALL SELECT key, value::uuid FROM jsonb_each_text(given.parties) WHERE value IS NOT NULL
  UNION ALL SELECT DISTINCT 'member', (seat ->> 'member')::uuid
    FROM jsonb_array_elements(CASE jsonb_typeof(given.commissions) WHEN 'array' THEN given.commissions ELSE '[]' END) commission, jsonb_array_elements(commission -> 'seats') seat
    WHERE commission ->> 'state' <> 'withdrawn'
      AND seat ->> 'state' IN ('called', 'asked', 'answered', 'late') AND NOT (seat ->> 'member')::uuid = ANY (given."keptFrom")
$$;
UPDATE case_parts held SET "to" = clock_timestamp() FROM cases c
  WHERE held."caseId" = c.id AND held.part = 'member' AND held."to" IS NULL AND c.commissions @> '[{"state": "withdrawn"}]'
    AND NOT EXISTS (SELECT 1 FROM parts_of_case(c) now WHERE now.part = held.part AND now.person = held."personId");
