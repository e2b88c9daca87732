-- A case about nobody is found by its position or by the body that it is about. Not by the number of another case: whoever may not find
-- that one would learn of it.
CREATE OR REPLACE FUNCTION keep_search_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.search := search_row(concat_ws(' ', new.number, regexp_replace(new.number, '-0+(\d+)$', '-\1'),
      regexp_replace(new.number, '^.*-0*(\d+)$', '\1')))
    || CASE WHEN new."subjectId" IS NOT NULL THEN coalesce((SELECT search FROM people WHERE id = new."subjectId"), '')
      ELSE concat((SELECT search FROM positions WHERE id = new."positionId"),
        (SELECT search FROM state_bodies WHERE key = new."aboutBodyKey")) END;
  RETURN new;
END $$;

-- Only of a case about nobody does the position matter: every step of a case writes that column.
CREATE TRIGGER "cases_search_of_position" BEFORE UPDATE OF "positionId" ON "cases"
  FOR EACH ROW WHEN (new."subjectId" IS NULL AND old."positionId" IS DISTINCT FROM new."positionId")
  EXECUTE FUNCTION keep_search_of_case();

CREATE FUNCTION keep_search_of_cases_about() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_table_name = 'positions' THEN
    UPDATE cases SET number = number WHERE "subjectId" IS NULL AND "positionId" = (to_jsonb(new) ->> 'id')::uuid;
  ELSE
    UPDATE cases SET number = number WHERE "subjectId" IS NULL AND "aboutBodyKey" = to_jsonb(new) ->> 'key';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "positions_search_of_cases" AFTER UPDATE ON "positions"
  FOR EACH ROW WHEN (old.search <> new.search) EXECUTE FUNCTION keep_search_of_cases_about();
CREATE TRIGGER "state_bodies_search_of_cases" AFTER UPDATE ON "state_bodies"
  FOR EACH ROW WHEN (old.search <> new.search) EXECUTE FUNCTION keep_search_of_cases_about();
