-- A case may be about nobody, and be started by nobody in person. Processes of the release before write and read none of these.
ALTER TABLE "cases" ALTER COLUMN "subjectId" DROP NOT NULL, ALTER COLUMN "startedById" DROP NOT NULL,
  ADD COLUMN "aboutBodyKey" TEXT, ADD COLUMN "aboutCaseId" UUID;
