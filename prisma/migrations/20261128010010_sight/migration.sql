-- Who sees what of a case is decided by the parts that people have in it, from when to when, and by the stages that it has reached.
-- Both follow the row of the case by triggers: whoever writes it, a worker of the release before too, cannot leave them behind.
CREATE TABLE "case_parts" (
  "id" UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  "caseId" UUID NOT NULL REFERENCES "cases" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "part" TEXT NOT NULL,
  "personId" UUID NOT NULL,
  "from" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "to" TIMESTAMPTZ(3)
);
-- one person has each part once at a time, and is found by it
CREATE UNIQUE INDEX "case_parts_now" ON "case_parts" ("caseId", "part") WHERE "to" IS NULL;
CREATE INDEX "case_parts_of_person" ON "case_parts" ("personId", "part") WHERE "to" IS NULL;
CREATE INDEX "case_parts_caseId" ON "case_parts" ("caseId");

ALTER TABLE "cases" ADD COLUMN "reached" TEXT[] NOT NULL DEFAULT '{}';
-- a task of a role in another body than that of its case
ALTER TABLE "tasks" ADD COLUMN "elsewhere" BOOLEAN NOT NULL DEFAULT false;

CREATE FUNCTION parts_of_case(given cases) RETURNS TABLE (part text, person uuid) LANGUAGE sql STABLE AS $$
  SELECT 'subject', given."subjectId" WHERE given."subjectId" IS NOT NULL
  UNION ALL SELECT key, value::uuid FROM jsonb_each_text(given.parties) WHERE value IS NOT NULL
$$;

CREATE FUNCTION keep_parts_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_parts held SET "to" = clock_timestamp()
    WHERE held."caseId" = new.id AND held."to" IS NULL
      AND NOT EXISTS (SELECT 1 FROM parts_of_case(new) now WHERE now.part = held.part AND now.person = held."personId");
  INSERT INTO case_parts ("caseId", part, "personId")
    SELECT new.id, now.part, now.person FROM parts_of_case(new) now
    WHERE NOT EXISTS (SELECT 1 FROM case_parts held WHERE held."caseId" = new.id AND held."to" IS NULL AND held.part = now.part);
  RETURN NULL;
END $$;
CREATE TRIGGER cases_parts_begin AFTER INSERT ON "cases" FOR EACH ROW EXECUTE FUNCTION keep_parts_of_case();
CREATE TRIGGER cases_parts_change AFTER UPDATE OF "parties", "subjectId" ON "cases" FOR EACH ROW
  WHEN (old.parties IS DISTINCT FROM new.parties OR old."subjectId" IS DISTINCT FROM new."subjectId") EXECUTE FUNCTION keep_parts_of_case();

CREATE FUNCTION keep_reached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT new.reached @> ARRAY[new.stage] THEN new.reached := new.reached || new.stage; END IF;
  IF new.status = 'closed' AND NOT new.reached @> ARRAY['end'] THEN new.reached := new.reached || 'end'::text; END IF;
  RETURN new;
END $$;

CREATE TRIGGER cases_reached BEFORE INSERT OR UPDATE OF "stage", "status" ON "cases" FOR EACH ROW EXECUTE FUNCTION keep_reached();

-- What a case is found by to those who do not see whom it is about: its number alone.
ALTER TABLE "cases" ADD COLUMN "searchNumber" TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE OR REPLACE FUNCTION keep_search_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new."searchNumber" := search_row(concat_ws(' ', new.number, regexp_replace(new.number, '-0+(\d+)$', '-\1'),
      regexp_replace(new.number, '^.*-0*(\d+)$', '\1')));
  new.search := new."searchNumber"
    || CASE WHEN new."subjectId" IS NOT NULL THEN coalesce((SELECT search FROM people WHERE id = new."subjectId"), '')
      ELSE concat((SELECT search FROM positions WHERE id = new."positionId"),
        (SELECT search FROM state_bodies WHERE key = new."aboutBodyKey")) END;
  RETURN new;
END $$;
