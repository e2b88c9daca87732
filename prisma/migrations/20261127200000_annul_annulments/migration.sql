-- Results of closed cases that other cases annulled; the case itself stays as it ended.
CREATE TABLE "annulments" (
    "caseId" UUID NOT NULL,
    "byId" UUID NOT NULL,
    "effectId" UUID NOT NULL,
    "on" DATE NOT NULL,
    "ground" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "annulments_pkey" PRIMARY KEY ("caseId")
);
