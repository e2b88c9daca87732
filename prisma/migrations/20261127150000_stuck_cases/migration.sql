-- What moves a case beside its tasks: its next alarm, by its own clock, and the cases that its story waits for. Of a case whose last
-- step is of a release that did not say it, the alarm is unknown, and not absent, until its next step or until its workflow is asked.
ALTER TABLE "cases" ADD COLUMN "wakesAt" TIMESTAMPTZ(3),
  ADD COLUMN "wakesKnown" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "waitsFor" UUID[] NOT NULL DEFAULT '{}';
