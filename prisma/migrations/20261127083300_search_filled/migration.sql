-- The text of rows that are there, by itself: the migrations before hold their tables for an instant. Cases follow from people.
UPDATE "regions" SET "nameKk" = "nameKk";
UPDATE "state_bodies" SET "nameKk" = "nameKk";
UPDATE "units" SET "nameKk" = "nameKk";
UPDATE "positions" SET "nameKk" = "nameKk";
UPDATE "terms" SET "nameKk" = "nameKk";
UPDATE "people" SET "surnameKk" = "surnameKk";
