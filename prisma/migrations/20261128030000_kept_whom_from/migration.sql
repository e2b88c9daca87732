-- Whom a case is kept from: people excluded from it, and, of a restricted case, all whom it does not name. Its tasks have both as well,
-- so that the lists of tasks need not read the case; triggers copy them, whichever release writes the rows.
ALTER TABLE "cases" ADD COLUMN "keptFrom" UUID[] NOT NULL DEFAULT '{}', ADD COLUMN "restrictedTo" UUID[];
ALTER TABLE "tasks" ADD COLUMN "keptFrom" UUID[] NOT NULL DEFAULT '{}', ADD COLUMN "restrictedTo" UUID[];

CREATE FUNCTION keep_task_from() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT c."keptFrom", c."restrictedTo" INTO new."keptFrom", new."restrictedTo" FROM cases c WHERE c.id = new."caseId";
  new."keptFrom" := coalesce(new."keptFrom", '{}');
  RETURN new;
END $$;
CREATE TRIGGER tasks_kept BEFORE INSERT ON "tasks" FOR EACH ROW EXECUTE FUNCTION keep_task_from();

CREATE FUNCTION keep_tasks_of_case_from() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tasks SET "keptFrom" = new."keptFrom", "restrictedTo" = new."restrictedTo" WHERE "caseId" = new.id;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_kept AFTER UPDATE OF "keptFrom", "restrictedTo" ON "cases" FOR EACH ROW
  WHEN (old."keptFrom" IS DISTINCT FROM new."keptFrom" OR old."restrictedTo" IS DISTINCT FROM new."restrictedTo")
  EXECUTE FUNCTION keep_tasks_of_case_from();
