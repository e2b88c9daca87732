-- Whoever sits in a commission of a case has a part in it, "member", from the day he is called until he leaves his seat or is excluded.
CREATE OR REPLACE FUNCTION parts_of_case(given cases) RETURNS TABLE (part text, person uuid) LANGUAGE sql STABLE AS $$
  SELECT 'subject', given."subjectId" WHERE given."subjectId" IS NOT NULL
  UNION ALL SELECT key, value::uuid FROM jsonb_each_text(given.parties) WHERE value IS NOT NULL
  UNION ALL SELECT DISTINCT 'member', (seat ->> 'member')::uuid
    FROM jsonb_array_elements(CASE jsonb_typeof(given.commissions) WHEN 'array' THEN given.commissions ELSE '[]' END) commission, jsonb_array_elements(commission -> 'seats') seat
    WHERE seat ->> 'state' IN ('called', 'asked', 'answered', 'late') AND NOT (seat ->> 'member')::uuid = ANY (given."keptFrom")
$$;
CREATE OR REPLACE FUNCTION keep_parts_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_parts held SET "to" = clock_timestamp()
    WHERE held."caseId" = new.id AND held."to" IS NULL
      AND NOT EXISTS (SELECT 1 FROM parts_of_case(new) now WHERE now.part = held.part AND now.person = held."personId");
  INSERT INTO case_parts ("caseId", part, "personId")
    SELECT new.id, now.part, now.person FROM parts_of_case(new) now
    WHERE NOT EXISTS (SELECT 1 FROM case_parts held
      WHERE held."caseId" = new.id AND held."to" IS NULL AND held.part = now.part AND held."personId" = now.person);
  RETURN NULL;
END $$;
CREATE TRIGGER cases_members_change AFTER UPDATE OF "commissions", "keptFrom" ON "cases" FOR EACH ROW
  WHEN (old.commissions IS DISTINCT FROM new.commissions OR old."keptFrom" IS DISTINCT FROM new."keptFrom")
  EXECUTE FUNCTION keep_parts_of_case();
