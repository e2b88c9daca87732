-- Notices are told from now on: each has the moment at which it was written, by the clock of Postgres. Those of before have none: nobody
-- was told of them, and nobody is to be now. The default is set apart, so that no row is written again.
ALTER TABLE "notices" ADD COLUMN "toldAt" TIMESTAMPTZ(3), ADD COLUMN "letteredAt" TIMESTAMPTZ(3),
  ADD COLUMN "rehearsed" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "notices" ALTER COLUMN "toldAt" SET DEFAULT clock_timestamp();

-- a rehearsal is told apart in the row, so that the bell need not read the case of each notice; whichever release writes it
CREATE FUNCTION keep_notice_of_rehearsal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new."rehearsed" := coalesce((SELECT c.rehearsal IS NOT NULL FROM cases c WHERE c.id = new."caseId"), false);
  RETURN new;
END $$;
CREATE TRIGGER notices_rehearsed BEFORE INSERT ON "notices" FOR EACH ROW EXECUTE FUNCTION keep_notice_of_rehearsal();

-- Who has read which notice: two officers of one role read apart.
CREATE TABLE "notice_reads" (
  "personId" UUID NOT NULL,
  "noticeId" UUID NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "notice_reads_pkey" PRIMARY KEY ("personId", "noticeId")
);

-- How a person wants to be told, and up to when he has read all.
CREATE TABLE "notice_choices" (
  "personId" UUID NOT NULL,
  "readUpTo" TIMESTAMPTZ(3),
  "letters" TEXT NOT NULL DEFAULT 'atOnce',
  "language" TEXT NOT NULL DEFAULT 'kk',
  CONSTRAINT "notice_choices_pkey" PRIMARY KEY ("personId")
);

-- Open consoles are told of each, whoever writes it: ids only, a hundred at a time (Postgres takes 8000 bytes).
CREATE FUNCTION tell_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mansap', jsonb_build_object('topic', 'notices', 'ids', jsonb_agg(id))::text)
  FROM (SELECT id, (row_number() OVER () - 1) / 100 AS part FROM added) a GROUP BY part;
  RETURN NULL;
END $$;
CREATE TRIGGER notices_tell AFTER INSERT ON "notices" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION tell_notices();
