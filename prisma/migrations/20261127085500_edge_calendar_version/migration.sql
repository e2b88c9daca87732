-- One row that changes with every change of the calendar, in the same transaction: whoever keeps what he has read of the calendar
-- reads this row first, and is right in the moment a day is entered, in every process. A value is never given twice.
CREATE TABLE "calendar_version" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "version" UUID NOT NULL DEFAULT gen_random_uuid(),

    CONSTRAINT "calendar_version_pkey" PRIMARY KEY ("id")
);
INSERT INTO "calendar_version" DEFAULT VALUES;

CREATE FUNCTION "calendar_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "calendar_version" SET "version" = gen_random_uuid();
  RETURN NULL;
END $$;

CREATE TRIGGER "holidays_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "holidays"
  FOR EACH STATEMENT EXECUTE FUNCTION "calendar_changed"();
CREATE TRIGGER "day_swaps_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "day_swaps"
  FOR EACH STATEMENT EXECUTE FUNCTION "calendar_changed"();
CREATE TRIGGER "body_days_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "body_days"
  FOR EACH STATEMENT EXECUTE FUNCTION "calendar_changed"();
