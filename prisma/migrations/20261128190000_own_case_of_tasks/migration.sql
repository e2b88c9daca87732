-- Whom the case of a task is about, who does no task of it by an office. The row of the task has it, so that the lists of tasks need not
-- read the case; the trigger copies it, whichever release writes the row. It is not called as the column of cases is: the release before
-- reads both tables in one statement.
ALTER TABLE "tasks" ADD COLUMN "ownCaseOf" UUID;

CREATE OR REPLACE FUNCTION keep_task_from() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT c."keptFrom", c."restrictedTo", c."subjectId" INTO new."keptFrom", new."restrictedTo", new."ownCaseOf"
    FROM cases c WHERE c.id = new."caseId";
  new."keptFrom" := coalesce(new."keptFrom", '{}');
  RETURN new;
END $$;
