-- Counts the changes of the calendar's rows, by whichever program: who keeps calendars in memory asks for this number only.
CREATE TABLE "calendar_edition" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "number" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "calendar_edition_pkey" PRIMARY KEY ("only")
);
INSERT INTO "calendar_edition" DEFAULT VALUES;

CREATE FUNCTION "next_calendar_edition"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE "calendar_edition" SET "number" = "number" + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER "next_edition" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "holidays"
    FOR EACH STATEMENT EXECUTE FUNCTION "next_calendar_edition"();
CREATE TRIGGER "next_edition" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "day_swaps"
    FOR EACH STATEMENT EXECUTE FUNCTION "next_calendar_edition"();
CREATE TRIGGER "next_edition" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "body_days"
    FOR EACH STATEMENT EXECUTE FUNCTION "next_calendar_edition"();
