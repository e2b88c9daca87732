-- Letters to people: made of notices, kept until a mail server has taken them. The Message-ID is fixed when the row is made, so that a letter
-- that is sent twice is known as one.
CREATE TABLE "letters" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "personId" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "noticeIds" UUID[] NOT NULL,
  "address" TEXT NOT NULL,
  "language" TEXT NOT NULL,
  "messageId" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'waiting',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "madeAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "dueAt" TIMESTAMPTZ(3) NOT NULL,
  "nextAt" TIMESTAMPTZ(3) NOT NULL,
  "lastError" TEXT,
  "settledAt" TIMESTAMPTZ(3),
  CONSTRAINT "letters_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "letters_messageId_key" ON "letters" ("messageId");
-- those that a sender looks for
CREATE INDEX "letters_to_send" ON "letters" ("nextAt") WHERE "state" IN ('waiting', 'stopped');
-- what an operator is told of, and what is forgotten
CREATE INDEX "letters_settled" ON "letters" ("settledAt") WHERE "settledAt" IS NOT NULL;
-- a person's notices are gathered in one letter a day, until it is taken to be sent
CREATE UNIQUE INDEX "letters_gathering" ON "letters" ("personId") WHERE "kind" = 'digest' AND "state" = 'waiting' AND "attempts" = 0;

ALTER TABLE "people" ADD COLUMN "email" TEXT;
