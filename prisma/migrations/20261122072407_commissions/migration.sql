-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "commissions" JSONB NOT NULL DEFAULT '[]';
