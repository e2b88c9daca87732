-- CreateTable
CREATE TABLE "regions" (
    "key" TEXT NOT NULL,
    "nameKk" TEXT NOT NULL,
    "nameRu" TEXT NOT NULL,
    "nameEn" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "createdOn" DATE,
    "source" TEXT NOT NULL,

    CONSTRAINT "regions_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "state_bodies" (
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "parentKey" TEXT,
    "regionKey" TEXT NOT NULL,
    "nameKk" TEXT NOT NULL,
    "nameRu" TEXT NOT NULL,
    "nameEn" TEXT NOT NULL,
    "weekProfile" TEXT NOT NULL DEFAULT 'five-day',
    "source" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "state_bodies_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "units" (
    "id" UUID NOT NULL,
    "bodyKey" TEXT NOT NULL,
    "nameKk" TEXT NOT NULL,
    "nameRu" TEXT NOT NULL,
    "nameEn" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "units_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "position_categories" (
    "code" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "rank" INTEGER,
    "corps" TEXT NOT NULL,
    "managerial" TEXT NOT NULL,
    "bodyKind" TEXT NOT NULL,
    "confidence" TEXT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "position_categories_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "positions" (
    "id" UUID NOT NULL,
    "bodyKey" TEXT NOT NULL,
    "unitId" UUID,
    "categoryCode" TEXT NOT NULL,
    "nameKk" TEXT NOT NULL,
    "nameRu" TEXT NOT NULL,
    "nameEn" TEXT NOT NULL,
    "headsUnit" BOOLEAN NOT NULL DEFAULT false,
    "headsBody" BOOLEAN NOT NULL DEFAULT false,
    "elected" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "positions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people" (
    "id" UUID NOT NULL,
    "surnameKk" TEXT NOT NULL,
    "surnameRu" TEXT NOT NULL,
    "surnameEn" TEXT NOT NULL,
    "givenKk" TEXT NOT NULL,
    "givenRu" TEXT NOT NULL,
    "givenEn" TEXT NOT NULL,
    "sex" TEXT NOT NULL,
    "birthDate" DATE NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "people_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "posts" (
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "positionId" UUID NOT NULL,
    "from" DATE NOT NULL,
    "to" DATE,
    "endGround" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "body_roles" (
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "bodyKey" TEXT NOT NULL,
    "from" DATE NOT NULL,
    "to" DATE,
    "basis" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "body_roles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" TEXT NOT NULL,
    "personId" UUID NOT NULL,
    "demoAs" TEXT,
    "order" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "regimes" (
    "id" TEXT NOT NULL,
    "validFrom" DATE,
    "validTo" DATE,
    "nameKk" TEXT NOT NULL,
    "nameRu" TEXT NOT NULL,
    "nameEn" TEXT NOT NULL,
    "basis" TEXT NOT NULL,
    "confidence" TEXT NOT NULL,

    CONSTRAINT "regimes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "regime_rows" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "regimeId" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "confidence" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "regime_rows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "terms" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "process" TEXT NOT NULL,
    "nameKk" TEXT NOT NULL,
    "nameRu" TEXT NOT NULL,
    "nameEn" TEXT NOT NULL,
    "value" INTEGER,
    "unit" TEXT NOT NULL,
    "regimeId" TEXT NOT NULL,
    "confidence" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "valueMin" INTEGER,
    "valueMax" INTEGER,
    "validFrom" DATE,
    "validTo" DATE,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "terms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "holidays" (
    "id" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "nameKey" TEXT NOT NULL,
    "nameKk" TEXT NOT NULL,
    "nameRu" TEXT NOT NULL,
    "nameEn" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "moves" BOOLEAN NOT NULL,
    "confidence" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "holidays_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "day_swaps" (
    "id" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "appliesTo" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "confidence" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "day_swaps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "body_days" (
    "id" TEXT NOT NULL,
    "bodyKey" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "working" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "body_days_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cases" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "process" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "regimeId" TEXT NOT NULL,
    "bodyKey" TEXT NOT NULL,
    "subjectId" UUID NOT NULL,
    "positionId" UUID,
    "stage" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "outcome" TEXT,
    "basis" JSONB,
    "parties" JSONB NOT NULL DEFAULT '{}',
    "people" UUID[],
    "agencyKey" TEXT NOT NULL,
    "facts" JSONB NOT NULL DEFAULT '{}',
    "law" JSONB NOT NULL DEFAULT '{}',
    "clock" JSONB NOT NULL,
    "rehearsal" TEXT,
    "step" INTEGER NOT NULL DEFAULT 0,
    "startedById" UUID NOT NULL,
    "startedOn" DATE NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),
    "closedOn" DATE,
    "lastSeq" INTEGER NOT NULL DEFAULT 0,
    "lastHash" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tasks" (
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "process" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "formVersion" INTEGER NOT NULL,
    "role" TEXT,
    "bodyKey" TEXT,
    "personId" UUID,
    "excluded" TEXT[],
    "assigneeId" UUID,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "openedOn" DATE NOT NULL,
    "dueOn" DATE,
    "dueAt" TIMESTAMPTZ(3),
    "due" JSONB,
    "closesOn" DATE,
    "closes" JSONB,
    "reminded" BOOLEAN NOT NULL DEFAULT false,
    "escalated" BOOLEAN NOT NULL DEFAULT false,
    "escalatedTo" JSONB,
    "questionOf" UUID,
    "contentId" UUID,
    "returned" BOOLEAN NOT NULL DEFAULT false,
    "stateBefore" TEXT,
    "answeredById" UUID,
    "answeredAt" TIMESTAMPTZ(3),
    "answeredOn" DATE,
    "answeredStep" INTEGER,
    "answer" JSONB,
    "answerContentId" UUID,
    "rehearsal" TEXT,
    "openedStep" INTEGER NOT NULL,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drafts" (
    "taskId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "body" JSONB NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "drafts_pkey" PRIMARY KEY ("taskId","personId")
);

-- CreateTable
CREATE TABLE "commands" (
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "taskId" UUID,
    "kind" TEXT NOT NULL,
    "act" TEXT,
    "principal" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "actor" JSONB NOT NULL,
    "payload" JSONB NOT NULL,
    "contentId" UUID,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "sentAt" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL DEFAULT 'stored',
    "outcome" JSONB,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "commands_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contents" (
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "body" JSONB NOT NULL,
    "salt" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "caseId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "step" INTEGER,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "on" DATE NOT NULL,
    "actorId" UUID,
    "capacity" TEXT,
    "taskId" UUID,
    "params" JSONB NOT NULL,
    "prevHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("caseId","seq")
);

-- CreateTable
CREATE TABLE "documents" (
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "issuedOn" DATE NOT NULL,
    "step" INTEGER NOT NULL,
    "made" JSONB NOT NULL,

    CONSTRAINT "documents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clocks" (
    "caseId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "startsOn" DATE NOT NULL,
    "endsOn" DATE NOT NULL,
    "explanation" JSONB NOT NULL,

    CONSTRAINT "clocks_pkey" PRIMARY KEY ("caseId","name")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "taskId" UUID,
    "kind" TEXT NOT NULL,
    "role" TEXT,
    "bodyKey" TEXT,
    "personId" UUID,
    "params" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "readAt" TIMESTAMPTZ(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "steps" (
    "caseId" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "recordedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "steps_pkey" PRIMARY KEY ("caseId","n")
);

-- CreateTable
CREATE TABLE "holds" (
    "key" TEXT NOT NULL,
    "caseId" UUID NOT NULL,

    CONSTRAINT "holds_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "history_archives" (
    "caseId" UUID NOT NULL,
    "runId" TEXT NOT NULL,
    "history" BYTEA NOT NULL,
    "digest" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    "archivedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "history_archives_pkey" PRIMARY KEY ("caseId")
);

-- CreateTable
CREATE TABLE "numberings" (
    "register" TEXT NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "numberings_pkey" PRIMARY KEY ("register")
);

-- CreateTable
CREATE TABLE "sessions" (
    "sid" VARCHAR NOT NULL,
    "sess" JSON NOT NULL,
    "expire" TIMESTAMP(6) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("sid")
);

-- CreateIndex
CREATE INDEX "state_bodies_parentKey_idx" ON "state_bodies"("parentKey");

-- CreateIndex
CREATE INDEX "units_bodyKey_idx" ON "units"("bodyKey");

-- CreateIndex
CREATE INDEX "positions_bodyKey_unitId_idx" ON "positions"("bodyKey", "unitId");

-- CreateIndex
CREATE INDEX "people_surnameRu_givenRu_idx" ON "people"("surnameRu", "givenRu");

-- CreateIndex
CREATE INDEX "posts_personId_from_idx" ON "posts"("personId", "from");

-- CreateIndex
CREATE INDEX "posts_positionId_from_idx" ON "posts"("positionId", "from");

-- CreateIndex
CREATE INDEX "body_roles_personId_idx" ON "body_roles"("personId");

-- CreateIndex
CREATE INDEX "body_roles_bodyKey_role_idx" ON "body_roles"("bodyKey", "role");

-- CreateIndex
CREATE UNIQUE INDEX "regime_rows_key_regimeId_key" ON "regime_rows"("key", "regimeId");

-- CreateIndex
CREATE INDEX "terms_process_idx" ON "terms"("process");

-- CreateIndex
CREATE INDEX "terms_key_regimeId_idx" ON "terms"("key", "regimeId");

-- CreateIndex
CREATE INDEX "holidays_date_idx" ON "holidays"("date");

-- CreateIndex
CREATE INDEX "day_swaps_date_idx" ON "day_swaps"("date");

-- CreateIndex
CREATE UNIQUE INDEX "body_days_bodyKey_date_key" ON "body_days"("bodyKey", "date");

-- CreateIndex
CREATE UNIQUE INDEX "cases_number_key" ON "cases"("number");

-- CreateIndex
CREATE INDEX "cases_bodyKey_status_openedAt_idx" ON "cases"("bodyKey", "status", "openedAt" DESC);

-- CreateIndex
CREATE INDEX "cases_subjectId_idx" ON "cases"("subjectId");

-- CreateIndex
CREATE INDEX "cases_status_openedAt_idx" ON "cases"("status", "openedAt" DESC);

-- CreateIndex
CREATE INDEX "cases_people_idx" ON "cases" USING GIN ("people");

-- CreateIndex
CREATE INDEX "tasks_caseId_idx" ON "tasks"("caseId");

-- CreateIndex
CREATE INDEX "commands_state_receivedAt_idx" ON "commands"("state", "receivedAt");

-- CreateIndex
CREATE INDEX "commands_caseId_idx" ON "commands"("caseId");

-- CreateIndex
CREATE UNIQUE INDEX "commands_principal_key_key" ON "commands"("principal", "key");

-- CreateIndex
CREATE INDEX "contents_caseId_idx" ON "contents"("caseId");

-- CreateIndex
CREATE INDEX "documents_caseId_idx" ON "documents"("caseId");

-- CreateIndex
CREATE UNIQUE INDEX "documents_caseId_kind_step_key" ON "documents"("caseId", "kind", "step");

-- CreateIndex
CREATE INDEX "notices_caseId_idx" ON "notices"("caseId");

-- CreateIndex
CREATE INDEX "notices_personId_idx" ON "notices"("personId");

-- CreateIndex
CREATE INDEX "holds_caseId_idx" ON "holds"("caseId");

-- CreateIndex
CREATE INDEX "sessions_expire_idx" ON "sessions"("expire");

-- AddForeignKey
ALTER TABLE "state_bodies" ADD CONSTRAINT "state_bodies_regionKey_fkey" FOREIGN KEY ("regionKey") REFERENCES "regions"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "state_bodies" ADD CONSTRAINT "state_bodies_parentKey_fkey" FOREIGN KEY ("parentKey") REFERENCES "state_bodies"("key") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "units" ADD CONSTRAINT "units_bodyKey_fkey" FOREIGN KEY ("bodyKey") REFERENCES "state_bodies"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "positions" ADD CONSTRAINT "positions_bodyKey_fkey" FOREIGN KEY ("bodyKey") REFERENCES "state_bodies"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "positions" ADD CONSTRAINT "positions_unitId_fkey" FOREIGN KEY ("unitId") REFERENCES "units"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "positions" ADD CONSTRAINT "positions_categoryCode_fkey" FOREIGN KEY ("categoryCode") REFERENCES "position_categories"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posts" ADD CONSTRAINT "posts_personId_fkey" FOREIGN KEY ("personId") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posts" ADD CONSTRAINT "posts_positionId_fkey" FOREIGN KEY ("positionId") REFERENCES "positions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "body_roles" ADD CONSTRAINT "body_roles_personId_fkey" FOREIGN KEY ("personId") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "body_roles" ADD CONSTRAINT "body_roles_bodyKey_fkey" FOREIGN KEY ("bodyKey") REFERENCES "state_bodies"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_personId_fkey" FOREIGN KEY ("personId") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "regime_rows" ADD CONSTRAINT "regime_rows_regimeId_fkey" FOREIGN KEY ("regimeId") REFERENCES "regimes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "body_days" ADD CONSTRAINT "body_days_bodyKey_fkey" FOREIGN KEY ("bodyKey") REFERENCES "state_bodies"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_bodyKey_fkey" FOREIGN KEY ("bodyKey") REFERENCES "state_bodies"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_subjectId_fkey" FOREIGN KEY ("subjectId") REFERENCES "people"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_positionId_fkey" FOREIGN KEY ("positionId") REFERENCES "positions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_caseId_fkey" FOREIGN KEY ("caseId") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_caseId_fkey" FOREIGN KEY ("caseId") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "documents" ADD CONSTRAINT "documents_caseId_fkey" FOREIGN KEY ("caseId") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clocks" ADD CONSTRAINT "clocks_caseId_fkey" FOREIGN KEY ("caseId") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
