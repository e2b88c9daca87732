-- Whom a case is about is fixed when it is opened; a row that is mended brings it to the tasks of the case as well.
CREATE OR REPLACE FUNCTION keep_tasks_of_case_from() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tasks SET "keptFrom" = new."keptFrom", "restrictedTo" = new."restrictedTo", "ownCaseOf" = new."subjectId"
    WHERE "caseId" = new.id;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER cases_kept AFTER UPDATE OF "keptFrom", "restrictedTo", "subjectId" ON "cases" FOR EACH ROW
  WHEN (old."keptFrom" IS DISTINCT FROM new."keptFrom" OR old."restrictedTo" IS DISTINCT FROM new."restrictedTo"
    OR old."subjectId" IS DISTINCT FROM new."subjectId")
  EXECUTE FUNCTION keep_tasks_of_case_from();
