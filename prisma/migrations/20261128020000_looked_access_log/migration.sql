-- Who was shown what of which cases. It refers to nothing and locks nothing: a look must not wait for the case that it looks at.
CREATE TABLE "access_log" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "personId" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "onBehalfOf" UUID,
  "door" TEXT NOT NULL,
  "rows" TEXT[] NOT NULL,
  "pieces" TEXT[] NOT NULL,
  "cases" UUID[] NOT NULL
) PARTITION BY RANGE ("at");
CREATE INDEX "access_log_cases" ON "access_log" USING GIN ("cases");
-- where there is no table for a month, the entry is kept all the same
CREATE TABLE "access_log_rest" PARTITION OF "access_log" DEFAULT;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of % are neither changed nor deleted', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER access_log_is_kept BEFORE UPDATE OR DELETE ON "access_log" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Makes the tables of this month (in UTC) and of so many after it, and answers how many it made. A table is filled beside the log before it is
-- attached, so that nobody who writes has to wait; a month of which there are entries elsewhere already is left as it is.
CREATE FUNCTION keep_access_log_months(ahead INT) RETURNS INT LANGUAGE plpgsql SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
DECLARE
  month TIMESTAMPTZ;
  following TIMESTAMPTZ;
  named TEXT;
  made INT := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7236403) THEN RETURN 0; END IF;
  FOR n IN 0..ahead LOOP
    month := date_trunc('month', now()) + make_interval(months => n);
    following := month + interval '1 month';
    named := 'access_log_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass(named) IS NOT NULL
      OR EXISTS (SELECT 1 FROM access_log WHERE at >= month AND at < following);
    EXECUTE format('CREATE TABLE %I (LIKE access_log INCLUDING DEFAULTS INCLUDING INDEXES)', named);
    EXECUTE format('ALTER TABLE access_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', named, month, following);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
SELECT keep_access_log_months(3);
